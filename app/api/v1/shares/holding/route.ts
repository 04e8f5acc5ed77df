import { z } from "zod"
import { FileIds } from "#lib/files/file.ts"
import { parse, readJson } from "#lib/input.ts"
import { listSharesOfFiles } from "#lib/shares/list-shares.ts"
import { memberRoute } from "#lib/web/member-route.ts"

const Held = z.object({ fileIds: FileIds })

/** The shares that hold any of these files; a POST, since an address has no room for all ids. */
export const POST = memberRoute(async ({ id: owner }, request) => {
  const { fileIds } = parse(Held, await readJson(request))
  return Response.json({ items: await listSharesOfFiles(owner, fileIds), nextCursor: null })
})
