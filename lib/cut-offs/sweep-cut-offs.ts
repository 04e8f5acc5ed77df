import "server-only"
import { db } from "#lib/db.ts"
import { addJob } from "#lib/queue.ts"

/** Dooms the copies whose process died before the file was switched to them. */
export async function sweepCopies(): Promise<void> {
  await db.$transaction(async (tx) => {
    const doomed = await tx.$queryRaw<{ key: string }[]>`
      UPDATE object SET state = 'doomed', doomed_at = clock_timestamp()
      FROM file
      WHERE file.id = object.file_id AND file.status = 'ready' AND object.state = 'uploading'
        AND object.put_expires_at < clock_timestamp() - interval '10 minutes'
      RETURNING object.key`
    for (const { key } of doomed) await addJob(tx, "destroyObject", { key })
  })
}

/** Enqueues again the cut offs whose job failed too often. */
export async function resumeCutOffs(): Promise<void> {
  await db.$transaction(async (tx) => {
    const open = await tx.$queryRaw<{ id: string }[]>`
      SELECT id FROM cut_off
      WHERE done_at IS NULL AND requested_at < clock_timestamp() - interval '1 hour'`
    for (const { id } of open) await addJob(tx, "cutOff", { id })
  })
}
