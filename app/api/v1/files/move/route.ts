import { parse, readJson } from "#lib/adapters/http/input.ts"
import { FileMove } from "#lib/rooms/files/file.ts"
import { moveFiles } from "#lib/rooms/files/move-files.ts"
import { memberRoute } from "#lib/web/api/member-route.ts"

export const POST = memberRoute(async ({ id: owner }, request) => {
  const move = parse(FileMove, await readJson(request))
  return Response.json({ ...(await moveFiles(owner, move)), path: move.path })
})
