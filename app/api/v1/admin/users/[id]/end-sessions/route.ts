import { endMemberSessions } from "#lib/accounts/sign-in/session.ts"
import { parseId } from "#lib/http/input.ts"
import { immediateAdminRoute } from "#lib/web/api/member-route.ts"

type Context = { params: Promise<{ id: string }> }

export const POST = immediateAdminRoute(async (admin, _request, { params }: Context) => {
  await endMemberSessions(admin, parseId((await params).id))
  return new Response(null, { status: 204 })
})
