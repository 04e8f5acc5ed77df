import { makePasswordReset } from "#lib/accounts/passwords/make-password-reset.ts"
import { PasswordResetInput } from "#lib/accounts/passwords/password-reset.ts"
import { parse, parseId, readOptionalJson } from "#lib/http/input.ts"
import { adminRoute } from "#lib/web/api/member-route.ts"
import { requireConfirmed } from "#lib/web/api/require-confirmed.ts"

export const POST = adminRoute(
  async (admin, request, { params }: RouteContext<"/api/v1/admin/users/[id]/reset-password">) => {
    requireConfirmed(admin)
    const member = { id: parseId((await params).id) }
    const { mail = false } = parse(PasswordResetInput, await readOptionalJson(request))
    return Response.json(await makePasswordReset({ by: admin.adminId, member, mail }), {
      status: 201,
    })
  },
)
