import { parse, readJson } from "#lib/http/input.ts"
import { revokeShares } from "#lib/shares/revoke/revoke-shares.ts"
import { RevokeSharesInput } from "#lib/shares/share.ts"
import { adminRoute } from "#lib/web/api/member-route.ts"

export const POST = adminRoute(async ({ adminId }, request) => {
  const input = parse(RevokeSharesInput, await readJson(request))
  const result = await revokeShares(adminId, input)
  return Response.json(result, { status: result.id === null ? 200 : 202 })
})
