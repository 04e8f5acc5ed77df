import { parse, readQuery } from "#lib/adapters/http/input.ts"
import { listShareIds } from "#lib/rooms/shares/list/list-shares.ts"
import { ShareListQuery } from "#lib/rooms/shares/share.ts"
import { memberRoute } from "#lib/web/api/member-route.ts"

/** Lists the ids of all shares that match a filter, over all pages. */
export const GET = memberRoute(async ({ id: owner }, request) =>
  Response.json({ ids: await listShareIds(owner, parse(ShareListQuery, readQuery(request))) }),
)
export const HEAD = GET
