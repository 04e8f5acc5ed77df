import { makePasswordReset } from "#lib/accounts/passwords/make-password-reset.ts"
import { parseId } from "#lib/http/input.ts"
import { adminRoute } from "#lib/web/api/member-route.ts"

export const POST = adminRoute(
  async (
    { adminId },
    _request,
    { params }: RouteContext<"/api/v1/admin/users/[id]/reset-password">,
  ) => {
    const member = { id: parseId((await params).id) }
    return Response.json(await makePasswordReset({ by: adminId, member }), { status: 201 })
  },
)
