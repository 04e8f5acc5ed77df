import { deleteFile } from "#lib/files/delete-file.ts"
import { FileEdit } from "#lib/files/file.ts"
import { renameFile } from "#lib/files/rename-file.ts"
import { requireFile } from "#lib/files/require-file.ts"
import { parse, readJson } from "#lib/input.ts"
import { memberRoute } from "#lib/web/member-route.ts"

type Context = { params: Promise<{ id: string }> }

export const GET = memberRoute(async ({ id: owner }, _request, { params }: Context) => {
  const { id } = await params
  return Response.json(await requireFile(owner, id))
})

export const PATCH = memberRoute(async ({ id: owner }, request, { params }: Context) => {
  const { id } = await params
  const { name } = parse(FileEdit, await readJson(request))
  return Response.json(await renameFile(owner, id, name))
})

export const DELETE = memberRoute(async ({ id: owner }, _request, { params }: Context) => {
  const { id } = await params
  await deleteFile(owner, id)
  return new Response(null, { status: 204 })
})
