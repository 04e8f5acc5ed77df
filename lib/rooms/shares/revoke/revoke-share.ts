import "server-only"
import { db, sql, type Tx } from "#lib/adapters/database.ts"
import { addJob } from "#lib/adapters/queue.ts"
import { evenOnFullDisk } from "#lib/adapters/watch/disk-ballast.ts"
import type { OwnerId } from "#lib/rooms/accounts/member.ts"
import { auditEntryOf } from "#lib/rooms/audit/record-audit.ts"
import { provisionalExposure, settleExposure } from "#lib/rooms/shares/exposure.ts"
import { requireShare, shareIdOrRefuse } from "#lib/rooms/shares/require-share.ts"
import type { RevokeInput, ShareKind, ShareView } from "#lib/rooms/shares/share.ts"
import { shareDetailsOf } from "#lib/rooms/shares/share-details.ts"
import { beginShareCutOff, finishShareCutOff } from "./cut-off-share.ts"

/**
 * Ends a share at once. Its row, counts and events stay. Repeating it changes nothing. With
 * `cutOff` it also ends the URLs minted before, even if the share is already closed. Works on a
 * full disk. Refuses `not_found`.
 */
export async function revokeShare(
  owner: OwnerId,
  id: string,
  { cutOff = false }: RevokeInput = {},
): Promise<ShareView> {
  await closeShare(owner, id, { kind: "share", cutOff })
  return requireShare(owner, id)
}

type Closing = { kind: ShareKind; cutOff: boolean }

/** Revokes a share of this kind, as `revokeShare` does. Uploads of a request's guests end too. */
export async function closeShare(owner: OwnerId, id: string, { kind, cutOff }: Closing) {
  const shareId = shareIdOrRefuse(id)
  const close = () =>
    db.$transaction(async (tx) => {
      const revoked = await revoke(tx, owner, { id: shareId, kind })
      if (revoked && kind === "request") await addJob(tx, "endDeliveries", {})
      return { revoked, begun: cutOff ? await beginShareCutOff(tx, owner, shareId) : null }
    })
  const { revoked, begun } = await evenOnFullDisk(close)
  await Promise.all([
    revoked && evenOnFullDisk(() => settleExposure([shareId])),
    begun && finishShareCutOff(begun),
  ])
}

function revoke(tx: Tx, owner: OwnerId, { id, kind }: { id: string; kind: ShareKind }) {
  const entry = auditEntryOf({
    actorId: owner,
    action: "share.revoke",
    changed: sql`revoked`,
    targetId: sql`revoked.id`,
    details: shareDetailsOf(sql`revoked`),
  })
  return tx.$executeRaw`
    WITH revoked AS (
      UPDATE share SET revoked_at = clock_timestamp(), revoked_by_id = ${owner}::uuid,
        ticket_epoch = ticket_epoch + 1, epoch_before_revoke = ticket_epoch, exposed_until = ${provisionalExposure}, cut_off_id = NULL
      WHERE id = ${id}::uuid AND owner_id = ${owner}::uuid AND share_kind = ${kind}::share_kind
        AND revoked_at IS NULL
      RETURNING id, title, share_kind
    )
    ${entry}`
}
