import { InviteInput, InvitesInput } from "#lib/accounts/invites/invite.ts"
import { inviteMember, inviteMembers } from "#lib/accounts/invites/invite-member.ts"
import { listInvites } from "#lib/accounts/invites/list-invites.ts"
import { parse, readJson } from "#lib/http/input.ts"
import { adminRoute } from "#lib/web/api/member-route.ts"
import { languageOf } from "#lib/web/reader-language.ts"

export const GET = adminRoute(async ({ adminId }) =>
  Response.json({ items: await listInvites(adminId), nextCursor: null }),
)
export const HEAD = GET

/** Creates one invitation, or with `emails` one for each address. */
export const POST = adminRoute(async (admin, request) => {
  const body = await readJson(request)
  const { adminId } = admin
  const language = languageOf(admin, request.headers)
  if (typeof body === "object" && body !== null && "emails" in body) {
    const items = await inviteMembers(adminId, { ...parse(InvitesInput, body), language })
    return Response.json({ items, nextCursor: null }, { status: 201 })
  }
  const made = await inviteMember(adminId, { ...parse(InviteInput, body), language })
  return Response.json(made, { status: 201 })
})
