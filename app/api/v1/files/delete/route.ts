import { deleteFile } from "#lib/files/delete-file.ts"
import { FilesToDelete } from "#lib/files/file.ts"
import { parse, readJson } from "#lib/http/input.ts"
import { memberRoute } from "#lib/web/api/member-route.ts"

/** Deletes them one by one, until one of them is refused. */
export const POST = memberRoute(async ({ id: owner }, request) => {
  const { ids } = parse(FilesToDelete, await readJson(request))
  for (const id of ids) await deleteFile(owner, id)
  return Response.json({ count: ids.length })
})
