import { parse, readJson } from "#lib/input.ts"
import { restoreShareAsAdmin } from "#lib/shares/restore-share.ts"
import { ShareIds } from "#lib/shares/share.ts"
import { adminRoute } from "#lib/web/member-route.ts"

/** Restores them one by one, until one of them is refused. */
export const POST = adminRoute(async ({ adminId }, request) => {
  const { ids } = parse(ShareIds, await readJson(request))
  for (const id of ids) await restoreShareAsAdmin(adminId, id)
  return Response.json({ count: ids.length })
})
