import { listAllShares } from "#lib/shares/list-shares.ts"
import { AllSharesQuery } from "#lib/shares/share.ts"
import { adminRoute } from "#lib/web/member-route.ts"
import { parse } from "#lib/web/parse.ts"
import { readQuery } from "#lib/web/read-query.ts"

export const GET = adminRoute(async ({ adminId }, request) =>
  Response.json(await listAllShares(adminId, parse(AllSharesQuery, readQuery(request)))),
)
