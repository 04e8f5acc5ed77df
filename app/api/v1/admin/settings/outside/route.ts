import { findOutsideShares } from "#lib/rooms/admin/find-outside-shares.ts"
import { adminRoute } from "#lib/web/api/member-route.ts"

export const GET = adminRoute(async ({ adminId }) =>
  Response.json(await findOutsideShares(adminId)),
)
export const HEAD = GET
