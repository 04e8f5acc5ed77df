import { parse, readQuery } from "#lib/adapters/http/input.ts"
import { AllFilesQuery, listAllFiles } from "#lib/rooms/admin/list-all-files.ts"
import { adminRoute } from "#lib/web/api/member-route.ts"

export const GET = adminRoute(async ({ adminId }, request) =>
  Response.json(await listAllFiles(adminId, parse(AllFilesQuery, readQuery(request)))),
)
export const HEAD = GET
