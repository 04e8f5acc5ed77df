import { ListQuery } from "#lib/database/list-query.ts"
import { parse, readQuery } from "#lib/http/input.ts"
import { findAddable } from "#lib/shares/list/find-addable.ts"
import { requireShare } from "#lib/shares/require-share.ts"
import { memberRoute } from "#lib/web/api/member-route.ts"

type Context = { params: Promise<{ id: string }> }

/** Lists files and folders of the owner that the share does not contain yet. */
export const GET = memberRoute(async ({ id: owner }, request, { params }: Context) => {
  const { q } = parse(ListQuery, readQuery(request))
  const { id: shareId } = await requireShare(owner, (await params).id)
  return Response.json(await findAddable(owner, { shareId, q }))
})
export const HEAD = GET
