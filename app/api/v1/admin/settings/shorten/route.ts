import { parse, readJson } from "#lib/adapters/http/input.ts"
import { ShortenInput, shortenShares } from "#lib/rooms/admin/shorten-shares.ts"
import { immediateAdminRoute } from "#lib/web/api/member-route.ts"
import { requireConfirmed } from "#lib/web/api/require-confirmed.ts"

export const POST = immediateAdminRoute(async (admin, request) => {
  const input = parse(ShortenInput, await readJson(request))
  if (!input.dryRun) requireConfirmed(admin)
  return Response.json(await shortenShares(admin.adminId, input))
})
