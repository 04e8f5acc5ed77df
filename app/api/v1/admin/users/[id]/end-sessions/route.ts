import { parseId } from "#lib/adapters/http/input.ts"
import { endMemberSessions } from "#lib/rooms/accounts/sign-in/session.ts"
import { immediateAdminRoute } from "#lib/web/api/member-route.ts"

type Context = { params: Promise<{ id: string }> }

export const POST = immediateAdminRoute(async (admin, _request, { params }: Context) => {
  await endMemberSessions(admin, parseId((await params).id))
  return new Response(null, { status: 204 })
})
