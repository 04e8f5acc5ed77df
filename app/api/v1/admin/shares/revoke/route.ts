import { revokeShares } from "#lib/shares/revoke-shares.ts"
import { RevokeSharesInput } from "#lib/shares/share.ts"
import { adminRoute } from "#lib/web/member-route.ts"
import { parse } from "#lib/web/parse.ts"
import { readJson } from "#lib/web/read-json.ts"

export const POST = adminRoute(async ({ adminId }, request) => {
  const input = parse(RevokeSharesInput, await readJson(request))
  return Response.json(await revokeShares(adminId, input))
})
