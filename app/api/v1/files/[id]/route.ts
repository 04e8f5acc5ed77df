import { deleteFile } from "#lib/files/delete-file.ts"
import { FileEdit } from "#lib/files/file.ts"
import { moveFiles } from "#lib/files/move-files.ts"
import { renameFile } from "#lib/files/rename-file.ts"
import { fileIdOrRefuse, requireFile } from "#lib/files/require-file.ts"
import { parse, readJson } from "#lib/http/input.ts"
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
