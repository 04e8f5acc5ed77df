import { FileMove } from "#lib/files/file.ts"
import { moveFiles } from "#lib/files/move-files.ts"
import { parse, readJson } from "#lib/http/input.ts"
import { memberRoute } from "#lib/web/api/member-route.ts"

export const POST = memberRoute(async ({ id: owner }, request) => {
  const move = parse(FileMove, await readJson(request))
  return Response.json({ ...(await moveFiles(owner, move)), path: move.path })
})
