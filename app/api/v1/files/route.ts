import { FileInput, FileListQuery } from "#lib/files/file.ts"
import { listFiles } from "#lib/files/list-files.ts"
import { startUpload } from "#lib/files/upload/start-upload.ts"
import { parse, readJson, readQuery } from "#lib/http/input.ts"
import { memberRoute } from "#lib/web/api/member-route.ts"

export const GET = memberRoute(async ({ id: owner }, request) =>
  Response.json(await listFiles(owner, parse(FileListQuery, readQuery(request)))),
)

export const POST = memberRoute(async ({ id: owner }, request) => {
  const input = parse(FileInput, await readJson(request))
  return Response.json(await startUpload(owner, input), { status: 201 })
})
