import { parse, readJson } from "#lib/adapters/http/input.ts"
import { deleteFile } from "#lib/rooms/files/delete-file.ts"
import { FilesToDelete } from "#lib/rooms/files/file.ts"
import { memberRoute } from "#lib/web/api/member-route.ts"

/** Deletes files one by one, and stops at the first refusal. */
export const POST = memberRoute(async ({ id: owner }, request) => {
  const { ids } = parse(FilesToDelete, await readJson(request))
  for (const id of ids) await deleteFile(owner, id)
  return Response.json({ count: ids.length })
})
