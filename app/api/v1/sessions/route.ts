import { endOtherSessions, listSessions } from "#lib/rooms/accounts/sign-in/session.ts"
import { memberRoute } from "#lib/web/api/member-route.ts"

export const GET = memberRoute(async ({ id, sessionId }) =>
  Response.json(await listSessions(id, sessionId)),
)
export const HEAD = GET

/** Ends every session of the member except the caller's. */
export const DELETE = memberRoute(async (member) => {
  await endOtherSessions(member)
  return new Response(null, { status: 204 })
})
