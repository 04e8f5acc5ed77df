import { ThumbnailInput } from "#lib/files/file.ts"
import { startThumbnail } from "#lib/files/start-thumbnail.ts"
import { parse, readJson } from "#lib/input.ts"
import { memberRoute } from "#lib/web/member-route.ts"

type Context = { params: Promise<{ id: string }> }

export const POST = memberRoute(async ({ id: owner }, request, { params }: Context) => {
  const { id } = await params
  const input = parse(ThumbnailInput, await readJson(request))
  return Response.json(await startThumbnail(owner, id, input))
})
