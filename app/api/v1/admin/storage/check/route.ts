import { checkStorage } from "#lib/doctor.ts"
import { adminRoute } from "#lib/web/api/member-route.ts"

/** Answers when the check is done, with the findings. */
export const POST = adminRoute(async () => Response.json(await checkStorage()))
