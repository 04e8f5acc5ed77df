import { listEvents } from "#lib/activity/list-events.ts"
import { ListQuery } from "#lib/list-query.ts"
import { memberRoute } from "#lib/web/member-route.ts"
import { parse } from "#lib/web/parse.ts"
import { readQuery } from "#lib/web/read-query.ts"

type Context = { params: Promise<{ id: string }> }

export const GET = memberRoute(async ({ id: owner }, request, { params }: Context) => {
  const { id } = await params
  return Response.json(
    await listEvents(owner, id, parse(ListQuery.omit({ q: true }), readQuery(request))),
  )
})
export const HEAD = GET
