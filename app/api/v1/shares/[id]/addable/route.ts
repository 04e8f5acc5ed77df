import { ListQuery } from "#lib/adapters/database/list-query.ts"
import { parse, readQuery } from "#lib/adapters/http/input.ts"
import { findAddable } from "#lib/rooms/shares/list/find-addable.ts"
import { requireShare } from "#lib/rooms/shares/require-share.ts"
import { memberRoute } from "#lib/web/api/member-route.ts"

type Context = { params: Promise<{ id: string }> }

/** Lists files and folders of the owner that the share does not contain yet. */
export const GET = memberRoute(async ({ id: owner }, request, { params }: Context) => {
  const { q } = parse(ListQuery, readQuery(request))
  const { id: shareId } = await requireShare(owner, (await params).id)
  return Response.json(await findAddable(owner, { shareId, q }))
})
export const HEAD = GET
