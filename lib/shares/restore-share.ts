import "server-only"
import type { MemberId } from "#lib/accounts/member.ts"
import { db } from "#lib/db.ts"
import { Refusal } from "#lib/errors.ts"
import { requireShare } from "./require-share.ts"
import type { ShareView } from "./share.ts"
import { shareIdOrRefuse } from "./share-id.ts"

/** Takes an owner's revoke back. Refuses `forbidden` when an admin revoked it, and `not_found`. */
export async function restoreShare(owner: MemberId, id: string): Promise<ShareView> {
  await db.share.updateMany({
    where: {
      id: shareIdOrRefuse(id),
      ownerId: owner,
      revokedAt: { not: null },
      revokedByAdmin: false,
    },
    data: { revokedAt: null, revokedById: null, revokeReason: null, exposedUntil: null },
  })
  const share = await requireShare(owner, id)
  if (share.revokedBy?.admin) {
    throw new Refusal("forbidden", "An admin revoked this share: only an admin can restore it.")
  }
  return share
}
