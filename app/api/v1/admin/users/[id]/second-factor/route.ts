import { parseId } from "#lib/adapters/http/input.ts"
import { findMemberById } from "#lib/rooms/accounts/find-member-by-id.ts"
import { findMeansOf } from "#lib/rooms/accounts/second-factor/find-means-of.ts"
import { removeSecondFactorOf } from "#lib/rooms/accounts/second-factor/set-second-factor.ts"
import { adminRoute } from "#lib/web/api/member-route.ts"

type Context = { params: Promise<{ id: string }> }

export const GET = adminRoute(async ({ adminId }, _request, { params }: Context) => {
  const { id } = await findMemberById(adminId, parseId((await params).id))
  return Response.json(await findMeansOf(adminId, id))
})
export const HEAD = GET

/** Removes a member's authenticator app and recovery codes. */
export const DELETE = adminRoute(async (admin, _request, { params }: Context) => {
  await removeSecondFactorOf(admin, parseId((await params).id))
  return new Response(null, { status: 204 })
})
