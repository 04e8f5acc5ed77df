import { InviteInput } from "#lib/accounts/invite.ts"
import { inviteByMember } from "#lib/accounts/invite-member.ts"
import { parse, readOptionalJson } from "#lib/input.ts"
import { memberRoute } from "#lib/web/member-route.ts"

export const POST = memberRoute(async ({ id }, request) => {
  const { email } = parse(InviteInput, await readOptionalJson(request))
  return Response.json(await inviteByMember(id, { email }), { status: 201 })
})
