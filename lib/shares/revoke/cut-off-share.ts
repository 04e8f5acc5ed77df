import "server-only"
import type { MemberId } from "#lib/accounts/member.ts"
import { recordAudit } from "#lib/audit/record-audit.ts"
import { addToCutOff, beginCutOff } from "#lib/cut-offs/begin-cut-off.ts"
import { runCutOffFor } from "#lib/cut-offs/run-cut-off.ts"
import { db, type Tx } from "#lib/db.ts"
import { noSuchShare, requireShare, shareIdOrRefuse } from "#lib/shares/require-share.ts"
import type { ShareView } from "#lib/shares/share.ts"

/** How long a request waits for a cut off; recolouring takes milliseconds. */
const WAIT_MS = 2_000

/**
 * Ends every URL that was minted for a share, whether it is open or closed; an open one stays open.
 * If a cut off of the share is running already, this one copies files for which that one would
 * wait. Refuses `not_found`.
 */
export async function cutOffShare(owner: MemberId, id: string): Promise<ShareView> {
  const shareId = shareIdOrRefuse(id)
  const cutOff = await db.$transaction(async (tx) => {
    const [share] = await tx.$queryRaw<unknown[]>`
      SELECT id FROM share WHERE id = ${shareId}::uuid AND owner_id = ${owner}::uuid
      FOR NO KEY UPDATE`
    if (!share) throw noSuchShare()
    return beginShareCutOff(tx, owner, shareId)
  })
  await finishShareCutOff(cutOff)
  return requireShare(owner, shareId)
}

/**
 * Begins a cut off of a share in the transaction that closes it, which has locked the share.
 * Returns the id of the cut off.
 */
export async function beginShareCutOff(tx: Tx, by: MemberId, shareId: string): Promise<string> {
  const { title, revokedAt, cutOffId } = await tx.share.findUniqueOrThrow({
    where: { id: shareId },
    select: { title: true, revokedAt: true, cutOffId: true },
  })
  if (revokedAt && cutOffId) {
    const running = { id: cutOffId, doneAt: null }
    const { count } = await tx.cutOff.updateMany({ where: running, data: { insists: true } })
    if (count > 0) return cutOffId
  }
  const id = await beginCutOff(tx, { requestedById: by })
  await addToCutOff(tx, id, [shareId])
  const entry = { actorId: by, action: "share.cut_off", targetId: shareId, details: { title } }
  await recordAudit(tx, entry)
  return id
}

/**
 * Runs a cut off after the commit; if it takes longer than a request waits, it continues in the
 * background.
 */
export const finishShareCutOff = (cutOff: string) => runCutOffFor(cutOff, WAIT_MS)
