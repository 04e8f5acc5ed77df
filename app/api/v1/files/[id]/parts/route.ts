import { parse, readJson } from "#lib/adapters/http/input.ts"
import { PartsInput } from "#lib/rooms/files/file.ts"
import { listParts } from "#lib/rooms/files/upload/parts/list-parts.ts"
import { signParts } from "#lib/rooms/files/upload/parts/sign-parts.ts"
import { memberRoute } from "#lib/web/api/member-route.ts"

type Context = { params: Promise<{ id: string }> }

export const GET = memberRoute(async ({ id: owner }, _request, { params }: Context) => {
  const { id } = await params
  return Response.json(await listParts(owner, id))
})

export const POST = memberRoute(async ({ id: owner }, request, { params }: Context) => {
  const { id } = await params
  const input = parse(PartsInput, await readJson(request))
  return Response.json(await signParts(owner, id, input))
})
