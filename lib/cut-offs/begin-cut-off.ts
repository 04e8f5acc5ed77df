import "server-only"
import type { Tx } from "#lib/db.ts"
import { addJob } from "#lib/queue.ts"
import { newId } from "#lib/uuid.ts"

/** The job goes on with a cut off whose process died before it was done. */
const JOB_AFTER_SECONDS = 5
const ADDING_SECONDS = 60

type NewCutOff = {
  requestedById: string
  /** The file whose URLs of all shares end. */
  fileId?: string
  reason?: string | null
  /** More transactions add shares: no process starts it before they had time for that. */
  adding?: boolean
}

/**
 * Records a cut off in the transaction of what it belongs to. Call `runCutOff` after the commit;
 * where the process dies before, a job does.
 */
export async function beginCutOff(
  tx: Tx,
  { requestedById, fileId, reason, adding = false }: NewCutOff,
): Promise<string> {
  const id = newId()
  const [row] = await tx.$queryRaw<{ runAt: Date }[]>`
    INSERT INTO cut_off (id, requested_by_id, file_id, reason, leased_until)
    VALUES (${id}::uuid, ${requestedById}::uuid, ${fileId ?? null}::uuid, ${reason ?? null},
      CASE WHEN ${adding} THEN clock_timestamp() + make_interval(secs => ${ADDING_SECONDS}::int) END)
    RETURNING clock_timestamp() + make_interval(secs => ${JOB_AFTER_SECONDS}::int) AS "runAt"`
  if (!row) throw new Error("the cut off was not returned")
  await addJob(tx, "cutOff", { id }, row)
  return id
}

/** Adds shares, each locked by this transaction. */
export async function addToCutOff(tx: Tx, id: string, shareIds: string[]): Promise<void> {
  await tx.$executeRaw`
    INSERT INTO cut_off_share (cut_off_id, share_id)
    SELECT ${id}::uuid, unnest(${shareIds}::uuid[])`
  await tx.$executeRaw`
    UPDATE share SET cut_off_id = ${id}::uuid, epoch_before_revoke = NULL
    WHERE id = ANY(${shareIds}::uuid[])`
}

/** All shares are added: a process may start it. */
export async function finishAdding(tx: Pick<Tx, "cutOff">, id: string): Promise<void> {
  await tx.cutOff.updateMany({ where: { id }, data: { leasedUntil: null } })
}
