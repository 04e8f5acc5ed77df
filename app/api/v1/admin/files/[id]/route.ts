import { listSharesOfFile, requireAnyFile } from "#lib/admin/list-all-files.ts"
import { parseId } from "#lib/http/input.ts"
import { adminRoute } from "#lib/web/api/member-route.ts"

export const GET = adminRoute(
  async ({ adminId }, _request, { params }: RouteContext<"/api/v1/admin/files/[id]">) => {
    const file = await requireAnyFile(adminId, parseId((await params).id))
    return Response.json({ ...file, shares: await listSharesOfFile(adminId, file.id) })
  },
)
export const HEAD = GET
