import { checkStorage } from "#lib/doctor.ts"
import { adminRoute } from "#lib/web/api/member-route.ts"

/** Runs the storage check, and answers with the findings when it is done. */
export const POST = adminRoute(async () => Response.json(await checkStorage()))
