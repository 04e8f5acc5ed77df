import "server-only"
import { db, sql } from "#lib/adapters/database.ts"
import { addJob } from "#lib/adapters/queue.ts"
import { abortMultipart, deleteObject, listMultiparts } from "#lib/adapters/storage.ts"
import { removeFile } from "#lib/rooms/files/delete-file.ts"
import { releaseDeleted } from "#lib/rooms/files/objects/quota.ts"
import { DELETIONS_LOCK } from "./deletions-lock.ts"

/** How long after a signed PUT expired its key is deleted again: a PUT takes time. */
const LATE_PUT_MINUTES = 15

const PAUSE_SECONDS = 60

type Doomed = {
  fileId: string
  /** Whether its file is not abandoned yet, because the member was disabled during the upload. */
  unfinished: boolean
  uploadId: string | null
  inParts: boolean
  final: boolean
  againAt: Date
  paused: boolean
  afterPause: Date
}

/**
 * Deletes a doomed object from the store, aborts its multipart upload, and abandons its file if
 * that is not finished. While a signed PUT could restore the bytes, the row stays and the job runs
 * again: when the last PUT expires, after which a deleted file's bytes no longer count towards the
 * quota, and once more later. Then the row is deleted too. While a backup copies the objects, it
 * deletes nothing, runs again a minute later, and returns false. It is safe to repeat.
 */
export async function destroyObject(key: string): Promise<boolean> {
  // The clock is read before the delete, so the last delete is certainly after the deadline. The
  // lock is not needed during the delete: a backup keeps the objects that are live at its end, and
  // pauses deletions before that, so an object that was doomed before the pause is not one.
  const [doomed] = await db.$queryRaw<Doomed[]>`
    SELECT file_id AS "fileId", kind = 'file' AND file.status = 'uploading' AS unfinished,
      upload_id AS "uploadId", part_size IS NOT NULL AS "inParts",
      CASE WHEN put_expires_at > clock_timestamp() THEN put_expires_at ELSE late_at END
        AS "againAt",
      late_at <= clock_timestamp() AS final,
      NOT pg_try_advisory_xact_lock_shared(${DELETIONS_LOCK.class}::int, ${DELETIONS_LOCK.key}::int) AS paused,
      clock_timestamp() + make_interval(secs => ${PAUSE_SECONDS}::int) AS "afterPause"
    FROM object JOIN file ON file.id = file_id,
      LATERAL (SELECT put_expires_at + make_interval(mins => ${LATE_PUT_MINUTES}::int)) AS t (late_at)
    WHERE key = ${key} AND state = 'doomed'`
  if (!doomed) return true
  if (doomed.unfinished) await abandonFile(doomed.fileId)
  if (doomed.paused) {
    await runAgain(key, doomed.afterPause)
    return false
  }
  await abortUpload(key, doomed)
  await deleteObject(key)
  await releaseDeleted(doomed.fileId)
  if (doomed.final) await db.object.deleteMany({ where: { key, state: "doomed" } })
  else await runAgain(key, doomed.againAt)
  return true
}

// Abandons the file. Its audit entry belongs to the one about disabling the member.
const abandonFile = (id: string) =>
  db.$transaction((tx) => removeFile(tx, sql`id = ${id}::uuid AND status = 'uploading'`))

const runAgain = (key: string, runAt: Date) =>
  db.$transaction((tx) => addJob(tx, "destroyObject", { key }, { runAt }))

async function abortUpload(key: string, { uploadId, inParts }: Doomed) {
  if (uploadId) return abortMultipart(key, uploadId)
  if (!inParts) return
  // A process may have crashed before it stored the upload's id, so the store is asked for it.
  for await (const begun of listMultiparts(key)) await abortMultipart(begun.key, begun.uploadId)
}
