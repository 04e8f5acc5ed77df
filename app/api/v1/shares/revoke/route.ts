import { parse, readJson } from "#lib/adapters/http/input.ts"
import { findOpenShares, revokeOwnShares } from "#lib/rooms/shares/revoke/revoke-own-shares.ts"
import { OwnRevocationInput } from "#lib/rooms/shares/share.ts"
import { memberRoute } from "#lib/web/api/member-route.ts"

/** Revokes shares, and answers with the ids of those that it revoked; a dry run only finds them. */
export const POST = memberRoute(async ({ id: owner }, request) => {
  const { ids, cutOff, dryRun = false } = parse(OwnRevocationInput, await readJson(request))
  return Response.json({
    ids: dryRun ? await findOpenShares(owner, ids) : await revokeOwnShares(owner, ids, { cutOff }),
  })
})
