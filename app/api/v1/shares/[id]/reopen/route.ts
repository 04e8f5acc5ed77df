import { parse, readJson } from "#lib/adapters/http/input.ts"
import { reopenShare } from "#lib/rooms/questions/reopen-share.ts"
import { ReopenInput } from "#lib/rooms/shares/share.ts"
import { memberRoute } from "#lib/web/api/member-route.ts"

type Context = { params: Promise<{ id: string }> }

export const POST = memberRoute(async ({ id: owner }, request, { params }: Context) => {
  const { id } = await params
  const { seen } = parse(ReopenInput, await readJson(request))
  return Response.json(await reopenShare(owner, id, seen))
})
