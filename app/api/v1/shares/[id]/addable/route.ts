import { parse, readQuery } from "#lib/input.ts"
import { ListQuery } from "#lib/list-query.ts"
import { findAddable } from "#lib/shares/find-addable.ts"
import { requireShare } from "#lib/shares/require-share.ts"
import { memberRoute } from "#lib/web/member-route.ts"

type Context = { params: Promise<{ id: string }> }

/** Files and folders of the owner that the share does not hold yet. */
export const GET = memberRoute(async ({ id: owner }, request, { params }: Context) => {
  const { q } = parse(ListQuery, readQuery(request))
  const { id: shareId } = await requireShare(owner, (await params).id)
  return Response.json(await findAddable(owner, { shareId, q }))
})
export const HEAD = GET
