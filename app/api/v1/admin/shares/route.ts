import { listAllShares } from "#lib/shares/list-shares.ts"
import { AllSharesQuery } from "#lib/shares/share.ts"
import { parse, readQuery } from "#lib/web/input.ts"
import { adminRoute } from "#lib/web/member-route.ts"

export const GET = adminRoute(async ({ adminId }, request) =>
  Response.json(await listAllShares(adminId, parse(AllSharesQuery, readQuery(request)))),
)
