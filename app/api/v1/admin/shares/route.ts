import { parse, readQuery } from "#lib/adapters/http/input.ts"
import { listAllShares } from "#lib/rooms/shares/list/list-shares.ts"
import { AllSharesQuery } from "#lib/rooms/shares/share.ts"
import { adminRoute } from "#lib/web/api/member-route.ts"

export const GET = adminRoute(async ({ adminId }, request) =>
  Response.json(await listAllShares(adminId, parse(AllSharesQuery, readQuery(request)))),
)
