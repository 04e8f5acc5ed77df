import { endSession } from "#lib/rooms/accounts/sign-in/session.ts"
import { memberRoute } from "#lib/web/api/member-route.ts"

type Context = { params: Promise<{ id: string }> }

export const DELETE = memberRoute(async (member, _request, { params }: Context) => {
  await endSession(member, (await params).id)
  return new Response(null, { status: 204 })
})
