import "server-only"
import { databaseTimeIn } from "#lib/adapters/database/time.ts"
import type { Tx } from "#lib/adapters/database.ts"
import { addJob } from "#lib/adapters/queue.ts"
import { newId } from "#lib/adapters/text/uuid.ts"

/** If a cut off's process dies before it is done, a job continues it after this time. */
const JOB_AFTER_MS = 5_000

type NewCutOff = {
  requestedById: string
  /** The default is a new id. */
  id?: string
  /** The file whose URLs end, in all shares. */
  fileId?: string
  /** The link whose URLs end, of the share that the caller adds. */
  linkId?: string
  reason?: string | null
}

/**
 * Records a cut off in the transaction of the change that causes it. Call `runCutOff` after the
 * commit. If the process dies before that, a job runs it.
 */
export async function beginCutOff(tx: Tx, cutOff: NewCutOff): Promise<string> {
  const id = await beginAdding(tx, cutOff)
  await finishAdding(tx, id)
  return id
}

/** Records a cut off to which transactions add shares. It starts after `finishAdding`. */
export async function beginAdding(
  tx: Tx,
  { requestedById, id = newId(), fileId, linkId, reason = null }: NewCutOff,
): Promise<string> {
  await tx.cutOff.create({
    data: {
      id,
      requestedById,
      fileId: fileId ?? null,
      linkId: linkId ?? null,
      reason,
      allAddedAt: null,
    },
    select: { id: true },
  })
  return id
}

/** Adds shares, which this transaction must have locked. */
export async function addToCutOff(tx: Tx, id: string, shareIds: string[]): Promise<void> {
  await tx.$executeRaw`
    INSERT INTO cut_off_share (cut_off_id, share_id)
    SELECT ${id}::uuid, unnest(${shareIds}::uuid[])
    ON CONFLICT DO NOTHING`
  await tx.$executeRaw`
    UPDATE share SET cut_off_id = ${id}::uuid, epoch_before_revoke = NULL
    WHERE id = ANY(${shareIds}::uuid[])
      AND (cut_off_id IS DISTINCT FROM ${id}::uuid OR epoch_before_revoke IS NOT NULL)`
}

/** Records that all shares are added. A process may start the cut off once this commits. */
export async function finishAdding(tx: Tx, id: string): Promise<void> {
  const allAddedAt = await databaseTimeIn(tx)
  await tx.cutOff.update({ where: { id }, data: { allAddedAt }, select: { id: true } })
  await addJob(tx, "cutOff", { id }, { runAt: new Date(Number(allAddedAt) + JOB_AFTER_MS) })
}
