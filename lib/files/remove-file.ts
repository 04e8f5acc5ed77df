import "server-only"
import type { Sql, Tx } from "#lib/db.ts"
import { addJob } from "#lib/queue.ts"

type Removed = { id: string; ownerId: string; size: bigint }

/**
 * Takes a file away in the caller's transaction: no share gives it out from its commit on, its bytes
 * go, and its size is given back to its owner's quota. One that was still uploading is abandoned.
 * False when there is none that is `which`.
 */
export async function removeFile(tx: Tx, which: Sql): Promise<boolean> {
  const [file] = await tx.$queryRaw<Removed[]>`
    UPDATE file SET deleted_at = clock_timestamp(), object_key = NULL,
      status = CASE status WHEN 'uploading' THEN 'abandoned' ELSE status END
    WHERE deleted_at IS NULL AND ${which}
    RETURNING id, owner_id AS "ownerId", size`
  if (!file) return false
  await tx.member.update({
    where: { id: file.ownerId },
    data: { usedBytes: { decrement: file.size } },
    select: { id: true },
  })
  // A statement of its own, so that it sees an object which came while the file's row was waited for.
  const doomed = await tx.object.updateManyAndReturn({
    where: { fileId: file.id, state: { not: "doomed" } },
    data: { state: "doomed", doomedAt: new Date() },
    select: { key: true },
  })
  for (const { key } of doomed) await addJob(tx, "destroyObject", { key })
  return true
}
