import "server-only"
import { db, type Tx } from "#lib/adapters/database.ts"
import { newPublicId } from "#lib/adapters/secrets.ts"
import type { MemberId } from "#lib/rooms/accounts/member.ts"
import { recordAudit } from "#lib/rooms/audit/record-audit.ts"
import { provisionalExposure, settleExposure } from "#lib/rooms/shares/exposure.ts"
import { noSuchShare, requireShare, shareIdOrRefuse } from "#lib/rooms/shares/require-share.ts"
import type { ShareKind, ShareView } from "#lib/rooms/shares/share.ts"
import { shareDetails } from "#lib/rooms/shares/share-details.ts"

/** Gives a share a new link; the old one ends. A revoked share stays so. Refuses `not_found`. */
export async function newLink(owner: MemberId, id: string): Promise<ShareView> {
  await replaceLink(owner, id, "share")
  return requireShare(owner, id)
}

/** Replaces the link of a share of this kind, with what `also` does in the same transaction. */
export async function replaceLink(
  owner: MemberId,
  id: string,
  kind: ShareKind,
  also: (tx: Tx) => Promise<unknown> = async () => {},
): Promise<void> {
  const publicId = newPublicId()
  const wasOpen = await db.$transaction(async (tx) => {
    const [share] = await tx.$queryRaw<{ open: boolean; title: string }[]>`
      UPDATE share SET ticket_epoch = ticket_epoch + 1, epoch_before_revoke = NULL,
        exposed_until = CASE WHEN revoked_at IS NULL THEN ${provisionalExposure} ELSE exposed_until END,
        cut_off_id = CASE WHEN revoked_at IS NOT NULL THEN cut_off_id END
      WHERE id = ${shareIdOrRefuse(id)}::uuid AND owner_id = ${owner}::uuid
        AND share_kind = ${kind}::share_kind
      RETURNING revoked_at IS NULL AS open, title`
    if (!share) throw noSuchShare()
    await tx.link.updateMany({ where: { shareId: id, recipient: null }, data: { publicId } })
    await also(tx)
    const details = shareDetails({ ...share, kind })
    await recordAudit(tx, { actorId: owner, action: "share.new_link", targetId: id, details })
    return share.open
  })
  if (wasOpen) await settleExposure([id])
}
