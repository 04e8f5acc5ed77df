import { parse, readJson } from "#lib/http/input.ts"
import { restoreShare } from "#lib/shares/revoke/restore-share.ts"
import { ShareIds } from "#lib/shares/share.ts"
import { memberRoute } from "#lib/web/api/member-route.ts"

/** Restores shares one by one, and stops at the first refusal. */
export const POST = memberRoute(async ({ id: owner }, request) => {
  const { ids } = parse(ShareIds, await readJson(request))
  for (const id of ids) await restoreShare(owner, id)
  return Response.json({ count: ids.length })
})
