import { deleteFile } from "#lib/files/delete-file.ts"
import { FilesToDelete } from "#lib/files/file.ts"
import { parse, readJson } from "#lib/http/input.ts"
import { memberRoute } from "#lib/web/api/member-route.ts"

/** Deletes files one by one, and stops at the first refusal. */
export const POST = memberRoute(async ({ id: owner }, request) => {
  const { ids } = parse(FilesToDelete, await readJson(request))
  for (const id of ids) await deleteFile(owner, id)
  return Response.json({ count: ids.length })
})
