import { ListQuery } from "#lib/adapters/database/list-query.ts"
import { parse, parseId, readQuery } from "#lib/adapters/http/input.ts"
import { listEventsAsAdmin } from "#lib/rooms/activity/list-events.ts"
import { adminRoute } from "#lib/web/api/member-route.ts"

export const GET = adminRoute(
  async ({ adminId }, request, { params }: RouteContext<"/api/v1/admin/shares/[id]/events">) => {
    const { cursor, limit } = parse(ListQuery, readQuery(request))
    return Response.json(
      await listEventsAsAdmin(adminId, parseId((await params).id), { cursor, limit }),
    )
  },
)
export const HEAD = GET
