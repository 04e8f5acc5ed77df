import { parseId } from "#lib/adapters/http/input.ts"
import { listSharesOfFile, requireAnyFile } from "#lib/rooms/admin/list-all-files.ts"
import { adminRoute } from "#lib/web/api/member-route.ts"

export const GET = adminRoute(
  async ({ adminId }, _request, { params }: RouteContext<"/api/v1/admin/files/[id]">) => {
    const file = await requireAnyFile(adminId, parseId((await params).id))
    return Response.json({ ...file, shares: await listSharesOfFile(adminId, file.id) })
  },
)
export const HEAD = GET
