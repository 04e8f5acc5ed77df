import { parse, parseId, readOptionalJson } from "#lib/adapters/http/input.ts"
import { makePasswordReset } from "#lib/rooms/accounts/passwords/make-password-reset.ts"
import { PasswordResetInput } from "#lib/rooms/accounts/passwords/password-reset.ts"
import { adminRoute } from "#lib/web/api/member-route.ts"
import { languageOf } from "#lib/web/reader-language.ts"

export const POST = adminRoute(
  async (admin, request, { params }: RouteContext<"/api/v1/admin/users/[id]/reset-password">) => {
    const member = { id: parseId((await params).id) }
    const { mail = false } = parse(PasswordResetInput, await readOptionalJson(request))
    const language = languageOf(admin, request.headers)
    const made = await makePasswordReset({ by: admin, member, mail, language })
    return Response.json(made, { status: 201 })
  },
)
