import { endMemberSessions } from "#lib/accounts/session.ts"
import { parseId } from "#lib/input.ts"
import { adminRoute } from "#lib/web/member-route.ts"

type Context = { params: Promise<{ id: string }> }

export const POST = adminRoute(async ({ adminId }, _request, { params }: Context) => {
  await endMemberSessions(adminId, parseId((await params).id))
  return new Response(null, { status: 204 })
})
