import { InvitePreviewInput } from "#lib/accounts/invites/invite.ts"
import { previewInvites } from "#lib/accounts/invites/preview-invites.ts"
import { parse, readJson } from "#lib/http/input.ts"
import { immediateAdminRoute } from "#lib/web/api/member-route.ts"

export const POST = immediateAdminRoute(async ({ adminId }, request) => {
  const { emails } = parse(InvitePreviewInput, await readJson(request))
  return Response.json({ items: await previewInvites(adminId, emails), nextCursor: null })
})
