import { listEvents } from "#lib/activity/list-events.ts"
import { parse, readQuery } from "#lib/input.ts"
import { ListQuery } from "#lib/list-query.ts"
import { memberRoute } from "#lib/web/member-route.ts"

type Context = { params: Promise<{ id: string }> }

export const GET = memberRoute(async ({ id: owner }, request, { params }: Context) => {
  const { id } = await params
  return Response.json(
    await listEvents(owner, id, parse(ListQuery.omit({ q: true }), readQuery(request))),
  )
})
export const HEAD = GET
