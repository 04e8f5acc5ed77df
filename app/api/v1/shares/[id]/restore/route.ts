import { isAdmin } from "#lib/rooms/accounts/member.ts"
import { requireAnyShare } from "#lib/rooms/shares/require-share.ts"
import { restoreShare, restoreShareAsAdmin } from "#lib/rooms/shares/revoke/restore-share.ts"
import { memberRoute } from "#lib/web/api/member-route.ts"
import { requireConfirmed } from "#lib/web/api/require-confirmed.ts"

type Context = { params: Promise<{ id: string }> }

/**
 * Restores a share. An owner can undo only their own revocation; an admin can undo any, and has to
 * confirm one that the owner could not undo.
 */
export const POST = memberRoute(async (member, _request, { params }: Context) => {
  const { id } = await params
  if (!isAdmin(member)) return Response.json(await restoreShare(member.id, id))
  const { owner, revokedBy } = await requireAnyShare(member.adminId, id)
  if (owner.id !== member.id || revokedBy?.admin) requireConfirmed(member)
  return Response.json(await restoreShareAsAdmin(member.adminId, id))
})
