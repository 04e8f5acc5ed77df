import { parse, readJson } from "#lib/adapters/http/input.ts"
import { listSharesOfFiles } from "#lib/rooms/shares/list/list-shares.ts"
import { SharesOfFilesQuery } from "#lib/rooms/shares/share.ts"
import { memberRoute } from "#lib/web/api/member-route.ts"

/**
 * Lists the shares that contain any of these files, by pages; a POST, because a URL has no room for
 * all ids.
 */
export const POST = memberRoute(async ({ id: owner }, request) =>
  Response.json(await listSharesOfFiles(owner, parse(SharesOfFilesQuery, await readJson(request)))),
)
