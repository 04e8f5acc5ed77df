import { z } from "zod"
import { FileIds } from "#lib/files/file.ts"
import { parse, readJson } from "#lib/http/input.ts"
import { listSharesOfFiles } from "#lib/shares/list/list-shares.ts"
import { memberRoute } from "#lib/web/api/member-route.ts"

const Held = z.object({ fileIds: FileIds })

/**
 * Lists the shares that contain any of these files; a POST, because a URL has no room for all ids.
 */
export const POST = memberRoute(async ({ id: owner }, request) => {
  const { fileIds } = parse(Held, await readJson(request))
  return Response.json({ items: await listSharesOfFiles(owner, fileIds), nextCursor: null })
})
