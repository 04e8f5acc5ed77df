import { parse, readJson, readQuery } from "#lib/adapters/http/input.ts"
import { FileInput, FileListQuery } from "#lib/rooms/files/file.ts"
import { listFiles } from "#lib/rooms/files/list-files.ts"
import { startUpload } from "#lib/rooms/files/upload/start-upload.ts"
import { memberRoute } from "#lib/web/api/member-route.ts"

export const GET = memberRoute(async ({ id: owner }, request) =>
  Response.json(await listFiles(owner, parse(FileListQuery, readQuery(request)))),
)

export const POST = memberRoute(async ({ id: owner }, request) => {
  const input = parse(FileInput, await readJson(request))
  return Response.json(await startUpload(owner, input), { status: 201 })
})
