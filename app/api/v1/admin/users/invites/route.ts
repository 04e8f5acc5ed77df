import { parse, readJson } from "#lib/adapters/http/input.ts"
import { InviteInput, InvitesInput } from "#lib/rooms/accounts/invites/invite.ts"
import { inviteMember, inviteMembers } from "#lib/rooms/accounts/invites/invite-member.ts"
import { listInvites } from "#lib/rooms/accounts/invites/list-invites.ts"
import { adminRoute, immediateAdminRoute } from "#lib/web/api/member-route.ts"
import { requireConfirmed } from "#lib/web/api/require-confirmed.ts"
import { languageOf } from "#lib/web/reader-language.ts"

export const GET = adminRoute(async ({ adminId }) =>
  Response.json({ items: await listInvites(adminId), nextCursor: null }),
)
export const HEAD = GET

/** Creates one invitation, or with `emails` one for each address. */
export const POST = immediateAdminRoute(async (admin, request) => {
  const body = await readJson(request)
  const { adminId } = admin
  const language = languageOf(admin, request.headers)
  if (typeof body === "object" && body !== null && "emails" in body) {
    const input = parse(InvitesInput, body)
    if (input.role === "admin") requireConfirmed(admin)
    const items = await inviteMembers(adminId, { ...input, language })
    return Response.json({ items, nextCursor: null }, { status: 201 })
  }
  const input = parse(InviteInput, body)
  if (input.role === "admin") requireConfirmed(admin)
  return Response.json(await inviteMember(adminId, { ...input, language }), { status: 201 })
})
