import { withdrawInvite } from "#lib/accounts/invites/invite-member.ts"
import { parseId } from "#lib/http/input.ts"
import { immediateAdminRoute } from "#lib/web/api/member-route.ts"

export const DELETE = immediateAdminRoute(
  async ({ adminId }, _request, { params }: RouteContext<"/api/v1/admin/users/invites/[id]">) => {
    await withdrawInvite(adminId, parseId((await params).id))
    return new Response(null, { status: 204 })
  },
)
