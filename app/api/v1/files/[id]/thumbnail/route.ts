import { ThumbnailInput } from "#lib/files/file.ts"
import { startThumbnail } from "#lib/files/thumbnails/start-thumbnail.ts"
import { parse, readJson } from "#lib/http/input.ts"
import { memberRoute } from "#lib/web/api/member-route.ts"

type Context = { params: Promise<{ id: string }> }

export const POST = memberRoute(async ({ id: owner }, request, { params }: Context) => {
  const { id } = await params
  const input = parse(ThumbnailInput, await readJson(request))
  return Response.json(await startThumbnail(owner, id, input))
})
