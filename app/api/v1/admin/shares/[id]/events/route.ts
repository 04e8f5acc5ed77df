import { listEventsAsAdmin } from "#lib/activity/list-events.ts"
import { parse, parseId, readQuery } from "#lib/input.ts"
import { ListQuery } from "#lib/list-query.ts"
import { adminRoute } from "#lib/web/member-route.ts"

export const GET = adminRoute(
  async ({ adminId }, request, { params }: RouteContext<"/api/v1/admin/shares/[id]/events">) => {
    const { cursor, limit } = parse(ListQuery, readQuery(request))
    return Response.json(
      await listEventsAsAdmin(adminId, parseId((await params).id), { cursor, limit }),
    )
  },
)
export const HEAD = GET
