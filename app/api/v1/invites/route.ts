import { InviteInput } from "#lib/accounts/invites/invite.ts"
import { inviteByMember } from "#lib/accounts/invites/invite-member.ts"
import { parse, readOptionalJson } from "#lib/http/input.ts"
import { memberRoute } from "#lib/web/api/member-route.ts"

export const POST = memberRoute(async ({ id }, request) => {
  const { email, mail } = parse(InviteInput, await readOptionalJson(request))
  return Response.json(await inviteByMember(id, { email, mail }), { status: 201 })
})
