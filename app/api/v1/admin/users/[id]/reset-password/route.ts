import { makePasswordReset } from "#lib/accounts/passwords/make-password-reset.ts"
import { PasswordResetInput } from "#lib/accounts/passwords/password-reset.ts"
import { parse, parseId, readOptionalJson } from "#lib/http/input.ts"
import { adminRoute } from "#lib/web/api/member-route.ts"

export const POST = adminRoute(
  async (
    { adminId },
    request,
    { params }: RouteContext<"/api/v1/admin/users/[id]/reset-password">,
  ) => {
    const member = { id: parseId((await params).id) }
    const { mail = false } = parse(PasswordResetInput, await readOptionalJson(request))
    return Response.json(await makePasswordReset({ by: adminId, member, mail }), { status: 201 })
  },
)
