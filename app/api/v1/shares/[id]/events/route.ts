import { ListQuery } from "#lib/adapters/database/list-query.ts"
import { parse, readQuery } from "#lib/adapters/http/input.ts"
import { listEvents } from "#lib/rooms/activity/list-events.ts"
import { memberRoute } from "#lib/web/api/member-route.ts"

type Context = { params: Promise<{ id: string }> }

export const GET = memberRoute(async ({ id: owner }, request, { params }: Context) => {
  const { id } = await params
  return Response.json(
    await listEvents(owner, id, parse(ListQuery.omit({ q: true }), readQuery(request))),
  )
})
export const HEAD = GET
