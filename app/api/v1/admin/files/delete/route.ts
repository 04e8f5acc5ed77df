import { deleteFiles } from "#lib/admin/delete-files.ts"
import { FilesToDelete } from "#lib/files/file.ts"
import { parse, readJson } from "#lib/http/input.ts"
import { adminRoute } from "#lib/web/api/member-route.ts"

export const POST = adminRoute(async ({ adminId }, request) => {
  const { ids } = parse(FilesToDelete, await readJson(request))
  return Response.json(await deleteFiles(adminId, ids))
})
