import { parse, readJson } from "#lib/http/input.ts"
import { restoreShareAsAdmin } from "#lib/shares/revoke/restore-share.ts"
import { ShareIds } from "#lib/shares/share.ts"
import { adminRoute } from "#lib/web/api/member-route.ts"

/** Restores shares one by one, and stops at the first refusal. */
export const POST = adminRoute(async ({ adminId }, request) => {
  const { ids } = parse(ShareIds, await readJson(request))
  for (const id of ids) await restoreShareAsAdmin(adminId, id)
  return Response.json({ count: ids.length })
})
