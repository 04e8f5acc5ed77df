import { ShortenInput, shortenShares } from "#lib/admin/shorten-shares.ts"
import { parse, readJson } from "#lib/http/input.ts"
import { adminRoute } from "#lib/web/api/member-route.ts"

export const POST = adminRoute(async ({ adminId }, request) => {
  const input = parse(ShortenInput, await readJson(request))
  return Response.json(await shortenShares(adminId, input))
})
