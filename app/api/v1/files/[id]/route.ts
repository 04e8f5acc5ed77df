import { parse, readJson } from "#lib/adapters/http/input.ts"
import { deleteFile } from "#lib/rooms/files/delete-file.ts"
import { FileEdit } from "#lib/rooms/files/file.ts"
import { moveFiles } from "#lib/rooms/files/move-files.ts"
import { renameFile } from "#lib/rooms/files/rename-file.ts"
import { fileIdOrRefuse, requireFile } from "#lib/rooms/files/require-file.ts"
import { memberRoute } from "#lib/web/api/member-route.ts"

type Context = { params: Promise<{ id: string }> }

export const GET = memberRoute(async ({ id: owner }, _request, { params }: Context) => {
  const { id } = await params
  return Response.json(await requireFile(owner, id))
})

export const PATCH = memberRoute(async ({ id: owner }, request, { params }: Context) => {
  const { id } = await params
  const { name, path } = parse(FileEdit, await readJson(request))
  if (path !== undefined) await moveFiles(owner, { fileIds: [fileIdOrRefuse(id)], path })
  if (name !== undefined) await renameFile(owner, id, name)
  return Response.json(await requireFile(owner, id))
})

export const DELETE = memberRoute(async ({ id: owner }, _request, { params }: Context) => {
  const { id } = await params
  await deleteFile(owner, id)
  return new Response(null, { status: 204 })
})
