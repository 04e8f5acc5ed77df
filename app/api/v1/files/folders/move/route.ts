import { FolderMove } from "#lib/files/file.ts"
import { moveFolder } from "#lib/files/move-files.ts"
import { parse, readJson } from "#lib/http/input.ts"
import { memberRoute } from "#lib/web/api/member-route.ts"

export const POST = memberRoute(async ({ id: owner }, request) => {
  const move = parse(FolderMove, await readJson(request))
  return Response.json({ ...(await moveFolder(owner, move)), path: move.to })
})
