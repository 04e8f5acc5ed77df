import { parse, readJson } from "#lib/adapters/http/input.ts"
import { restoreShares } from "#lib/rooms/shares/revoke/restore-share.ts"
import { ShareIds } from "#lib/rooms/shares/share.ts"
import { memberRoute } from "#lib/web/api/member-route.ts"

/** Restores those shares that their owner revoked, and answers with their number. */
export const POST = memberRoute(async ({ id: owner }, request) => {
  const { ids } = parse(ShareIds, await readJson(request))
  return Response.json(await restoreShares(owner, ids))
})
