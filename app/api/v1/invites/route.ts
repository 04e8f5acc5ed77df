import { parse, readOptionalJson } from "#lib/adapters/http/input.ts"
import { InviteInput } from "#lib/rooms/accounts/invites/invite.ts"
import { inviteByMember } from "#lib/rooms/accounts/invites/invite-member.ts"
import { memberRoute } from "#lib/web/api/member-route.ts"
import { languageOf } from "#lib/web/reader-language.ts"

export const POST = memberRoute(async (member, request) => {
  const { email, mail } = parse(InviteInput, await readOptionalJson(request))
  const language = languageOf(member, request.headers)
  const made = await inviteByMember(member.id, { email, mail, language })
  return Response.json(made, { status: 201 })
})
