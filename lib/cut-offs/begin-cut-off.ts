import "server-only"
import type { Tx } from "#lib/db.ts"
import { addJob } from "#lib/queue.ts"
import { newId } from "#lib/uuid.ts"

/** When a job continues a cut off whose process died before it was done. */
const JOB_AFTER_SECONDS = 5

type NewCutOff = {
  requestedById: string
  /** By default a new id. */
  id?: string
  /** The file whose URLs end, in all shares. */
  fileId?: string
  reason?: string | null
}

/**
 * Records a cut off in the transaction of the change that causes it. Call `runCutOff` after the
 * commit; if the process dies before, a job runs it.
 */
export async function beginCutOff(tx: Tx, cutOff: NewCutOff): Promise<string> {
  const id = await beginAdding(tx, cutOff)
  await finishAdding(tx, id)
  return id
}

/**
 * Records a cut off to which more transactions add shares. It does not start before `finishAdding`.
 */
export async function beginAdding(
  tx: Tx,
  { requestedById, id = newId(), fileId, reason = null }: NewCutOff,
): Promise<string> {
  await tx.cutOff.create({
    data: { id, requestedById, fileId: fileId ?? null, reason, allAddedAt: null },
    select: { id: true },
  })
  return id
}

/** Adds shares, each of which this transaction has locked. */
export async function addToCutOff(tx: Tx, id: string, shareIds: string[]): Promise<void> {
  await tx.$executeRaw`
    INSERT INTO cut_off_share (cut_off_id, share_id)
    SELECT ${id}::uuid, unnest(${shareIds}::uuid[])`
  await tx.$executeRaw`
    UPDATE share SET cut_off_id = ${id}::uuid, epoch_before_revoke = NULL
    WHERE id = ANY(${shareIds}::uuid[])`
}

/** Records that all shares are added. A process may start the cut off once this commits. */
export async function finishAdding(tx: Tx, id: string): Promise<void> {
  const [row] = await tx.$queryRaw<{ runAt: Date }[]>`
    UPDATE cut_off SET all_added_at = clock_timestamp() WHERE id = ${id}::uuid
    RETURNING all_added_at + make_interval(secs => ${JOB_AFTER_SECONDS}::int) AS "runAt"`
  if (!row) throw new Error("the cut off was not returned")
  await addJob(tx, "cutOff", { id }, row)
}
