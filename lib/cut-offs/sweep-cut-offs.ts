import "server-only"
import { db } from "#lib/db.ts"
import type { ObjectKind } from "#lib/files/file.ts"
import { adoptCopy } from "#lib/files/objects/adopt-copies.ts"
import { addJob } from "#lib/queue.ts"

/**
 * Dooms the copies whose process died before the file was switched to them, and thumbnails that
 * were begun and did not arrive. If a database was restored to a state during the copy, the file's
 * own object may be missing: then the file gets the copy.
 */
export async function sweepCopies(): Promise<void> {
  const unfinished = await db.$queryRaw<Unfinished[]>`
    SELECT object.key AS copy, object.kind, file.id, file.object_key AS key
    FROM object JOIN file ON file.id = object.file_id
    WHERE file.status = 'ready' AND object.state = 'uploading'
      AND object.put_expires_at < clock_timestamp() - interval '10 minutes'`
  for (const { id, kind, key, copy } of unfinished) {
    const adopted = kind === "file" && key !== null && (await adoptCopy({ id, key, copy }))
    if (!adopted) await doom(copy)
  }
}

type Unfinished = { copy: string; kind: ObjectKind; id: string; key: string | null }

const doom = (key: string) =>
  db.$transaction(async (tx) => {
    const doomed = await tx.$executeRaw`
      UPDATE object SET state = 'doomed', doomed_at = clock_timestamp()
      WHERE key = ${key} AND state = 'uploading'
        AND put_expires_at < clock_timestamp() - interval '10 minutes'`
    if (doomed) await addJob(tx, "destroyObject", { key })
  })

/** Enqueues again the cut offs whose job failed too often. */
export async function resumeCutOffs(): Promise<void> {
  await db.$transaction(async (tx) => {
    const open = await tx.$queryRaw<{ id: string }[]>`
      SELECT id FROM cut_off
      WHERE done_at IS NULL AND all_added_at < clock_timestamp() - interval '1 hour'`
    for (const { id } of open) await addJob(tx, "cutOff", { id })
  })
}
