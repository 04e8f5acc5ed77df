import { parse, readJson } from "#lib/adapters/http/input.ts"
import { FolderMove } from "#lib/rooms/files/file.ts"
import { moveFolder } from "#lib/rooms/files/move-files.ts"
import { memberRoute } from "#lib/web/api/member-route.ts"

export const POST = memberRoute(async ({ id: owner }, request) => {
  const move = parse(FolderMove, await readJson(request))
  return Response.json({ ...(await moveFolder(owner, move)), path: move.to })
})
