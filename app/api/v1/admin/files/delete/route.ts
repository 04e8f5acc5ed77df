import { parse, readJson } from "#lib/adapters/http/input.ts"
import { deleteFiles } from "#lib/rooms/admin/delete-files.ts"
import { FilesToDelete } from "#lib/rooms/files/file.ts"
import { adminRoute } from "#lib/web/api/member-route.ts"

export const POST = adminRoute(async ({ adminId }, request) => {
  const { ids } = parse(FilesToDelete, await readJson(request))
  return Response.json(await deleteFiles(adminId, ids))
})
