import { parseId } from "#lib/adapters/http/input.ts"
import { unlinkMember } from "#lib/rooms/accounts/provider/unlink-member.ts"
import { adminRoute } from "#lib/web/api/member-route.ts"

type Context = RouteContext<"/api/v1/admin/users/[id]/identity">

/** Unlinks a member from the identity provider. */
export const DELETE = adminRoute(async (admin, _request, { params }: Context) => {
  await unlinkMember(admin, parseId((await params).id))
  return new Response(null, { status: 204 })
})
