import { parse, readJson } from "#lib/input.ts"
import { restoreShare } from "#lib/shares/restore-share.ts"
import { ShareIds } from "#lib/shares/share.ts"
import { memberRoute } from "#lib/web/member-route.ts"

/** Restores them one by one, until one of them is refused. */
export const POST = memberRoute(async ({ id: owner }, request) => {
  const { ids } = parse(ShareIds, await readJson(request))
  for (const id of ids) await restoreShare(owner, id)
  return Response.json({ count: ids.length })
})
