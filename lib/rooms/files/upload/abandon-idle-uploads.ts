import "server-only"
import { databaseTimeAgo } from "#lib/adapters/database/time.ts"
import { db, sql, type Tx } from "#lib/adapters/database.ts"
import { headObject, listParts, PUT_TTL_SECONDS } from "#lib/adapters/storage.ts"
import { removeFile } from "#lib/rooms/files/delete-file.ts"
import { recordRemoved } from "#lib/rooms/files/objects/record-removed.ts"
import { IDLE_HOURS } from "./idle-hours.ts"

/**
 * Gives up uploads that did not continue for `IDLE_HOURS`, and forgets those that were given up a
 * month ago. Returns how many. A failure does not stop the others, and is thrown at the end.
 */
export async function abandonIdleUploads(): Promise<number> {
  const idleSeconds = IDLE_HOURS * 3_600
  // No URL was signed since then, because URLs expire after PUT_TTL_SECONDS.
  const expiredBefore = await databaseTimeAgo((idleSeconds - PUT_TTL_SECONDS) * 1_000)
  const idleFiles = await db.object.findMany({
    where: { kind: "file", state: "uploading", putExpiresAt: { lt: expiredBefore } },
    select: { fileId: true },
  })
  let abandoned = 0
  const failures: unknown[] = []
  for (const { fileId } of idleFiles) {
    try {
      if (await db.$transaction((tx) => abandon(tx, fileId, expiredBefore))) abandoned++
    } catch (error) {
      failures.push(error)
    }
  }
  const over = { endedFor: { not: null }, deletedAt: { lt: await databaseTimeAgo(SHOWN_MS) } }
  await db.file.updateMany({ where: over, data: { endedFor: null } })
  if (failures.length > 0) throw new AggregateError(failures, "Uploads could not be abandoned.")
  return abandoned
}

/** How long their senders see uploads that were given up. */
const SHOWN_MS = 30 * 86_400_000

/** How long after its start a guest's upload of which the store has nothing is given up. */
export const GUEST_START_SECONDS = 3_600

/**
 * Gives up those of these uploads of which the store has nothing, whatever was called since they
 * were started. Repeating it is harmless.
 */
export async function giveUpUnsent(fileIds: readonly string[]): Promise<void> {
  const objects = await db.object.findMany({
    where: { fileId: { in: [...fileIds] }, kind: "file", state: "uploading" },
    select: { fileId: true, key: true, uploadId: true },
  })
  for (const { fileId, key, uploadId } of objects) {
    const parts = uploadId ? await listParts(key, uploadId) : null
    if (parts?.length || (await headObject(key))) continue
    await db.$transaction(async (tx) => {
      const file = await removeFile(tx, sql`id = ${fileId}::uuid AND status = 'uploading'`, "idle")
      if (file) await recordRemoved(tx, "file.abandon", file)
    })
  }
}

// The file's row is locked first, as everywhere. An upload that has continued meanwhile is kept.
// Once its object is locked, it cannot continue.
async function abandon(tx: Tx, id: string, expiredBefore: Date) {
  const unfinished = await tx.$queryRaw<unknown[]>`
    SELECT id FROM file WHERE id = ${id}::uuid AND status = 'uploading' AND deleted_at IS NULL FOR UPDATE`
  if (unfinished.length === 0) return false
  const stillIdle = await tx.$queryRaw<unknown[]>`
    SELECT key FROM object
    WHERE file_id = ${id}::uuid AND kind = 'file' AND state = 'uploading'
      AND put_expires_at < ${expiredBefore} FOR UPDATE`
  const file = stillIdle.length > 0 ? await removeFile(tx, sql`id = ${id}::uuid`, "idle") : null
  if (file) await recordRemoved(tx, "file.abandon", file)
  return file !== null
}
