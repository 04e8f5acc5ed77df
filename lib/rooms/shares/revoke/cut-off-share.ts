import "server-only"
import { db, type Tx } from "#lib/adapters/database.ts"
import type { OwnerId } from "#lib/rooms/accounts/member.ts"
import { recordAudit } from "#lib/rooms/audit/record-audit.ts"
import { addToCutOff, beginCutOff } from "#lib/rooms/cut-offs/begin-cut-off.ts"
import { runCutOffFor } from "#lib/rooms/cut-offs/run-cut-off.ts"
import { noSuchShare, requireShare, shareIdOrRefuse } from "#lib/rooms/shares/require-share.ts"
import type { ShareView } from "#lib/rooms/shares/share.ts"

/** How long a request waits for a cut off. Recolouring takes milliseconds. */
const WAIT_MS = 2_000

/**
 * Ends every URL that was minted for a share, whether it is open or closed. An open share stays
 * open. If another cut off of the share is already running, this one copies the files for which the
 * other would wait. Refuses `not_found`.
 */
export async function cutOffShare(owner: OwnerId, id: string): Promise<ShareView> {
  const shareId = shareIdOrRefuse(id)
  const cutOff = await db.$transaction((tx) => beginShareCutOff(tx, owner, shareId))
  await finishShareCutOff(cutOff)
  return requireShare(owner, shareId)
}

type Locked = { title: string; revokedAt: Date | null; cutOffId: string | null }

/**
 * Begins a cut off of the owner's share, in the transaction that closes the share if there is one.
 * Returns the id of the cut off. Refuses `not_found`.
 */
export async function beginShareCutOff(tx: Tx, owner: OwnerId, shareId: string): Promise<string> {
  const [share] = await tx.$queryRaw<Locked[]>`
    SELECT title, revoked_at AS "revokedAt", cut_off_id AS "cutOffId" FROM share
    WHERE id = ${shareId}::uuid AND owner_id = ${owner}::uuid AND share_kind = 'share'
    FOR NO KEY UPDATE`
  if (!share) throw noSuchShare()
  const { title, revokedAt, cutOffId } = share
  if (revokedAt && cutOffId) {
    const running = { id: cutOffId, doneAt: null }
    const { count } = await tx.cutOff.updateMany({ where: running, data: { insists: true } })
    if (count > 0) return cutOffId
  }
  const id = await beginCutOff(tx, { requestedById: owner })
  await addToCutOff(tx, id, [shareId])
  const entry = { actorId: owner, action: "share.cut_off", targetId: shareId, details: { title } }
  await recordAudit(tx, entry)
  return id
}

/** Runs a cut off after the commit, in the background if a request would wait too long. */
export const finishShareCutOff = (cutOff: string) => runCutOffFor(cutOff, WAIT_MS)
