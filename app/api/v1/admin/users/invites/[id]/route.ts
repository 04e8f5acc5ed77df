import { parseId } from "#lib/adapters/http/input.ts"
import { withdrawInvite } from "#lib/rooms/accounts/invites/invite-member.ts"
import { immediateAdminRoute } from "#lib/web/api/member-route.ts"

export const DELETE = immediateAdminRoute(
  async ({ adminId }, _request, { params }: RouteContext<"/api/v1/admin/users/invites/[id]">) => {
    await withdrawInvite(adminId, parseId((await params).id))
    return new Response(null, { status: 204 })
  },
)
