import { InviteInput, InvitesInput } from "#lib/accounts/invites/invite.ts"
import { inviteMember, inviteMembers } from "#lib/accounts/invites/invite-member.ts"
import { listInvites } from "#lib/accounts/invites/list-invites.ts"
import { parse, readJson } from "#lib/http/input.ts"
import { adminRoute } from "#lib/web/api/member-route.ts"

export const GET = adminRoute(async ({ adminId }) =>
  Response.json({ items: await listInvites(adminId), nextCursor: null }),
)
export const HEAD = GET

/** Creates one invitation, or with `emails` one for each address. */
export const POST = adminRoute(async ({ adminId }, request) => {
  const body = await readJson(request)
  if (typeof body === "object" && body !== null && "emails" in body) {
    const items = await inviteMembers(adminId, parse(InvitesInput, body))
    return Response.json({ items, nextCursor: null }, { status: 201 })
  }
  return Response.json(await inviteMember(adminId, parse(InviteInput, body)), { status: 201 })
})
