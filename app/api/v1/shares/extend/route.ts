import { parse, readJson } from "#lib/adapters/http/input.ts"
import { extendShares } from "#lib/rooms/shares/edit/extend-shares.ts"
import { ExtensionInput } from "#lib/rooms/shares/share.ts"
import { memberRoute } from "#lib/web/api/member-route.ts"

/** Extends shares, and answers with the number of shares whose end moved. */
export const POST = memberRoute(async ({ id: owner }, request) => {
  const { ids, expiresAt } = parse(ExtensionInput, await readJson(request))
  return Response.json(await extendShares(owner, ids, expiresAt))
})
