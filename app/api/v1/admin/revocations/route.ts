import { listRevocations } from "#lib/rooms/shares/revoke/find-revocation.ts"
import { adminRoute } from "#lib/web/api/member-route.ts"

export const GET = adminRoute(async ({ adminId }) =>
  Response.json({ items: await listRevocations(adminId), nextCursor: null }),
)
export const HEAD = GET
