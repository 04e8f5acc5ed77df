import { parse, readQuery } from "#lib/http/input.ts"
import { listAllShares } from "#lib/shares/list/list-shares.ts"
import { AllSharesQuery } from "#lib/shares/share.ts"
import { adminRoute } from "#lib/web/api/member-route.ts"

export const GET = adminRoute(async ({ adminId }, request) =>
  Response.json(await listAllShares(adminId, parse(AllSharesQuery, readQuery(request)))),
)
