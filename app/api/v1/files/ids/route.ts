import { parse, readQuery } from "#lib/adapters/http/input.ts"
import { FileListQuery } from "#lib/rooms/files/file.ts"
import { listFileIds } from "#lib/rooms/files/list-files.ts"
import { memberRoute } from "#lib/web/api/member-route.ts"

/** Lists the ids of all files that match a filter, over all pages. */
export const GET = memberRoute(async ({ id: owner }, request) =>
  Response.json({ ids: await listFileIds(owner, parse(FileListQuery, readQuery(request))) }),
)
export const HEAD = GET
