import { isAdmin } from "#lib/accounts/member.ts"
import { restoreShare, restoreShareAsAdmin } from "#lib/shares/revoke/restore-share.ts"
import { memberRoute } from "#lib/web/api/member-route.ts"

type Context = { params: Promise<{ id: string }> }

/** Restores a share. An owner can undo only an own revocation, an admin any. */
export const POST = memberRoute(async (member, _request, { params }: Context) => {
  const { id } = await params
  return Response.json(
    isAdmin(member)
      ? await restoreShareAsAdmin(member.adminId, id)
      : await restoreShare(member.id, id),
  )
})
