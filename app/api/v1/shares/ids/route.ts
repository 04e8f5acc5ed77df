import { parse, readQuery } from "#lib/http/input.ts"
import { listShareIds } from "#lib/shares/list/list-shares.ts"
import { ShareListQuery } from "#lib/shares/share.ts"
import { memberRoute } from "#lib/web/api/member-route.ts"

/** Lists the ids of all shares that match a filter, over all pages. */
export const GET = memberRoute(async ({ id: owner }, request) =>
  Response.json({ ids: await listShareIds(owner, parse(ShareListQuery, readQuery(request))) }),
)
export const HEAD = GET
