import { parse, readJson } from "#lib/adapters/http/input.ts"
import { revokeShares } from "#lib/rooms/shares/revoke/revoke-shares.ts"
import { RevokeSharesInput } from "#lib/rooms/shares/share.ts"
import { immediateAdminRoute } from "#lib/web/api/member-route.ts"
import { requireConfirmed } from "#lib/web/api/require-confirmed.ts"

export const POST = immediateAdminRoute(async (admin, request) => {
  const input = parse(RevokeSharesInput, await readJson(request))
  if (!input.dryRun) requireConfirmed(admin)
  const result = await revokeShares(admin.adminId, input, { inBackground: true })
  return Response.json(result, { status: result.id === null ? 200 : 202 })
})
