import { parse, readOptionalJson } from "#lib/adapters/http/input.ts"
import { FinishInput } from "#lib/rooms/files/file.ts"
import { finishUpload } from "#lib/rooms/files/upload/finish-upload.ts"
import { memberRoute } from "#lib/web/api/member-route.ts"

type Context = { params: Promise<{ id: string }> }

export const POST = memberRoute(async ({ id: owner }, request, { params }: Context) => {
  const { id } = await params
  const input = parse(FinishInput, await readOptionalJson(request))
  return Response.json(await finishUpload(owner, id, input))
})
