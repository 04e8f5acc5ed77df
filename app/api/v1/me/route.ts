import { readUsage } from "#lib/files/quota.ts"
import { memberRoute } from "#lib/web/member-route.ts"

export const GET = memberRoute(async ({ id, name, email, role }) =>
  Response.json({ id, name, email, role, ...(await readUsage(id)) }),
)
export const HEAD = GET
