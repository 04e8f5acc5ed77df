import { parse, readJson } from "#lib/adapters/http/input.ts"
import { ThumbnailInput } from "#lib/rooms/files/file.ts"
import { startThumbnail } from "#lib/rooms/files/thumbnails/start-thumbnail.ts"
import { memberRoute } from "#lib/web/api/member-route.ts"

type Context = { params: Promise<{ id: string }> }

export const POST = memberRoute(async ({ id: owner }, request, { params }: Context) => {
  const { id } = await params
  const input = parse(ThumbnailInput, await readJson(request))
  return Response.json(await startThumbnail(owner, id, input))
})
