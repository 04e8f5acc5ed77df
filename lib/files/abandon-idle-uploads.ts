import "server-only"
import { db, sql, type Tx } from "#lib/db.ts"
import { settings } from "#lib/settings.ts"
import { PUT_TTL_SECONDS } from "#lib/storage.ts"
import { removeFile } from "./remove-file.ts"

/** Over an object: nobody was given an address for UPLOAD_IDLE_HOURS. */
const idle = () => sql`object.state = 'uploading' AND object.put_expires_at <
  statement_timestamp() + make_interval(secs => ${PUT_TTL_SECONDS}::int) - make_interval(hours => ${settings.UPLOAD_IDLE_HOURS}::int)`

/**
 * Gives uploads up that nobody goes on with, as their members would by cancelling them. Returns how
 * many. One that fails holds no other up, and is thrown at the end.
 */
export async function abandonIdleUploads(): Promise<number> {
  const idleFiles = await db.$queryRaw<{ id: string }[]>`
    SELECT file_id AS id FROM object WHERE ${idle()}`
  let abandoned = 0
  const failures: unknown[] = []
  for (const { id } of idleFiles) {
    try {
      if (await db.$transaction((tx) => abandon(tx, id))) abandoned++
    } catch (error) {
      failures.push(error)
    }
  }
  if (failures.length > 0) throw new AggregateError(failures, "Uploads could not be given up.")
  return abandoned
}

/** The file's row is locked first, as everywhere. An upload that woke up meanwhile is left alone, and cannot wake up any more once its object is locked. */
async function abandon(tx: Tx, id: string) {
  const unfinished = await tx.$queryRaw<unknown[]>`
    SELECT id FROM file WHERE id = ${id}::uuid AND status = 'uploading' AND deleted_at IS NULL FOR UPDATE`
  if (unfinished.length === 0) return false
  const stillIdle = await tx.$queryRaw<unknown[]>`
    SELECT key FROM object WHERE file_id = ${id}::uuid AND ${idle()} FOR UPDATE`
  return stillIdle.length > 0 && removeFile(tx, sql`id = ${id}::uuid`)
}
