import { AllFilesQuery, listAllFiles } from "#lib/admin/list-all-files.ts"
import { parse, readQuery } from "#lib/http/input.ts"
import { adminRoute } from "#lib/web/api/member-route.ts"

export const GET = adminRoute(async ({ adminId }, request) =>
  Response.json(await listAllFiles(adminId, parse(AllFilesQuery, readQuery(request)))),
)
export const HEAD = GET
