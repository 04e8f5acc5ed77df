import { InviteInput } from "#lib/accounts/invite.ts"
import { inviteMember } from "#lib/accounts/invite-member.ts"
import { listInvites } from "#lib/accounts/list-invites.ts"
import { parse, readJson } from "#lib/input.ts"
import { adminRoute } from "#lib/web/member-route.ts"

export const GET = adminRoute(async ({ adminId }) =>
  Response.json({ items: await listInvites(adminId), nextCursor: null }),
)
export const HEAD = GET

export const POST = adminRoute(async ({ adminId }, request) => {
  const invite = await inviteMember(adminId, parse(InviteInput, await readJson(request)))
  return Response.json(invite, { status: 201 })
})
