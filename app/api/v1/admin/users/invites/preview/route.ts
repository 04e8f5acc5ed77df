import { parse, readJson } from "#lib/adapters/http/input.ts"
import { InvitePreviewInput } from "#lib/rooms/accounts/invites/invite.ts"
import { previewInvites } from "#lib/rooms/accounts/invites/preview-invites.ts"
import { immediateAdminRoute } from "#lib/web/api/member-route.ts"
import { languageOf } from "#lib/web/reader-language.ts"

export const POST = immediateAdminRoute(async (admin, request) => {
  const { emails } = parse(InvitePreviewInput, await readJson(request))
  const language = languageOf(admin, request.headers)
  const items = await previewInvites(admin.adminId, emails, language)
  return Response.json({ items, nextCursor: null })
})
