import { parse, readJson } from "#lib/adapters/http/input.ts"
import { restoreSharesAsAdmin } from "#lib/rooms/shares/revoke/restore-share.ts"
import { ShareIds } from "#lib/rooms/shares/share.ts"
import { adminRoute } from "#lib/web/api/member-route.ts"

/** Restores shares, and answers with the number of those that were revoked. */
export const POST = adminRoute(async ({ adminId }, request) => {
  const { ids } = parse(ShareIds, await readJson(request))
  return Response.json(await restoreSharesAsAdmin(adminId, ids))
})
