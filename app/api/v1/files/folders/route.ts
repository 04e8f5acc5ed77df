import { listFolderPaths } from "#lib/rooms/files/list-folders.ts"
import { memberRoute } from "#lib/web/api/member-route.ts"

export const GET = memberRoute(async ({ id: owner }) =>
  Response.json({ items: await listFolderPaths(owner), nextCursor: null }),
)
export const HEAD = GET
