import { parse, readJson } from "#lib/adapters/http/input.ts"
import { editShare } from "#lib/rooms/shares/edit/edit-share.ts"
import { requireShare } from "#lib/rooms/shares/require-share.ts"
import { ShareEdit } from "#lib/rooms/shares/share.ts"
import { memberRoute } from "#lib/web/api/member-route.ts"

type Context = { params: Promise<{ id: string }> }

export const GET = memberRoute(async ({ id: owner }, _request, { params }: Context) => {
  const { id } = await params
  return Response.json(await requireShare(owner, id))
})

export const PATCH = memberRoute(async ({ id: owner }, request, { params }: Context) => {
  const { id } = await params
  const edit = parse(ShareEdit, await readJson(request))
  return Response.json(await editShare(owner, id, edit))
})
