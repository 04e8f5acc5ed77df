import { FileListQuery } from "#lib/files/file.ts"
import { listFileIds } from "#lib/files/list-files.ts"
import { parse, readQuery } from "#lib/http/input.ts"
import { memberRoute } from "#lib/web/api/member-route.ts"

/** The ids of all files that a list has on all of its pages. */
export const GET = memberRoute(async ({ id: owner }, request) =>
  Response.json({ ids: await listFileIds(owner, parse(FileListQuery, readQuery(request))) }),
)
export const HEAD = GET
