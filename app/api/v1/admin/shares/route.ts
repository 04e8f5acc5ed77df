import { parse, readQuery } from "#lib/input.ts"
import { listAllShares } from "#lib/shares/list-shares.ts"
import { AllSharesQuery } from "#lib/shares/share.ts"
import { adminRoute } from "#lib/web/member-route.ts"

export const GET = adminRoute(async ({ adminId }, request) =>
  Response.json(await listAllShares(adminId, parse(AllSharesQuery, readQuery(request)))),
)
