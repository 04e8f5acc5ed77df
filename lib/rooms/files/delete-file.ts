import "server-only"
import { db, type Sql, sql, type Tx } from "#lib/adapters/database.ts"
import { plainName } from "#lib/adapters/text/plain-text.ts"
import { evenOnFullDisk } from "#lib/adapters/watch/disk-ballast.ts"
import type { AdminId, OwnerId } from "#lib/rooms/accounts/member.ts"
import { recordFile } from "#lib/rooms/audit/record-file.ts"
import { nameSharesOf } from "./name-shares.ts"
import { doomObjects } from "./objects/doom-objects.ts"
import { keepCounting, releaseQuota } from "./objects/quota.ts"
import { fileIdOrRefuse, noSuchFile } from "./require-file.ts"
import { refuseUnderLegalHold } from "./retention/legal-hold.ts"
import { isGuest, isSentBy, ownerOf, type Uploader } from "./upload/uploader.ts"

/**
 * Deletes a file of its owner or of a guest, or cancels its upload: from now on no share contains
 * it, and its bytes are deleted. Its size counts towards the owner's quota until no URL can store it
 * again. An upload that was given up is listed no longer. By default the audit entry says that its owner deleted it. Works on a full disk. Refuses
 * `not_found`, and as `removeFile` does.
 */
export async function deleteFile(
  by: Uploader,
  id: string,
  record: RecordDeleted = (tx, file) => recordDeleted(tx, ownerOf(by), file),
): Promise<void> {
  const own = isGuest(by) ? isSentBy(by) : sql`owner_id = ${by}::uuid`
  const which = sql`id = ${fileIdOrRefuse(id)}::uuid AND ${own}`
  const remove = async (tx: Tx) => {
    if (isGuest(by)) {
      await tx.$queryRaw`SELECT FROM file WHERE ${which} FOR UPDATE` // files are locked first
      await by.admit(tx)
    }
    const file = await removeFile(tx, which)
    if (file) return record(tx, file)
    const seen = await tx.$executeRaw`
      UPDATE file SET ended_for = NULL WHERE ${which} AND ended_for IS NOT NULL`
    if (seen === 0) throw noSuchFile()
  }
  await evenOnFullDisk(() => db.$transaction(remove))
}

export type RemovedFile = {
  id: string
  ownerId: string
  name: string
  path: string
  size: bigint
  /** False for an upload that was not finished. */
  hadArrived: boolean
}

/** Writes the audit entry of a deleted file, last in the transaction. */
type RecordDeleted = (tx: Tx, file: RemovedFile) => Promise<void>

/** Writes the audit entry of a file deleted by a member. Last in a transaction. */
export const recordDeleted = (
  tx: Tx,
  actorId: OwnerId | AdminId,
  file: RemovedFile,
): Promise<void> =>
  recordFile(tx, {
    actorId,
    action: file.hadArrived ? "file.delete" : "file.cancel",
    targetId: file.id,
    path: file.path,
    details: { name: plainName(file.name), size: Number(file.size) },
  })

/** In SQL: whether the receipt of a guest names the file after it is removed. */
const isOnReceipt = sql`EXISTS (SELECT FROM delivery
  WHERE delivery.id = file.delivery_id AND done_at IS NOT NULL AND erased_at IS NULL)`

/**
 * Deletes the one file that `which` matches, in the caller's transaction. Returns null if no file
 * matches. Otherwise as `removeFiles`.
 */
export async function removeFile(
  tx: Tx,
  which: Sql,
  endedFor: "idle" | "owner" | null = null,
  frees: "now" | "later" = "now",
): Promise<RemovedFile | null> {
  const [file] = await removeFiles(tx, which, endedFor, frees)
  return file ?? null
}

/**
 * Deletes the files that `which` matches, in the caller's transaction, which has locked them in the
 * order of their ids if they are several. The caller writes the audit entries. An unfinished upload
 * becomes abandoned; `endedFor` says why, to its sender. Refuses `legal_hold`, which no right
 * overrides: this is the only deletion of files that have arrived. In a transaction that has locked
 * an object of an unfinished file, the quota must be freed `later`, when the bytes are deleted.
 */
export async function removeFiles(
  tx: Tx,
  which: Sql,
  endedFor: "idle" | "owner" | null = null,
  frees: "now" | "later" = "now",
): Promise<RemovedFile[]> {
  const files = await tx.$queryRaw<RemovedFile[]>`
    UPDATE file SET deleted_at = clock_timestamp(), object_key = NULL, thumbnail_key = NULL,
      status = CASE status WHEN 'uploading' THEN 'abandoned' ELSE status END, unchecked_since = NULL,
      ended_for = ${endedFor},
      sent_name = CASE WHEN ${isOnReceipt} THEN sent_name END,
      sent_path = CASE WHEN ${isOnReceipt} THEN sent_path END
    WHERE deleted_at IS NULL AND ${which}
    RETURNING id, owner_id AS "ownerId", name, path, size, status <> 'abandoned' AS "hadArrived"`
  if (files.length === 0) return []
  const ids = files.map(({ id }) => id)
  const arrived = files.filter(({ hadArrived }) => hadArrived).map(({ id }) => id)
  if (arrived.length > 0) await refuseUnderLegalHold(tx, arrived)
  await nameSharesOf(tx, files)
  // A separate statement, to see an object committed while the update waited for the file's row.
  await doomObjects(tx, { fileId: { in: ids } })
  // The member's row comes last, and never after the object of an unfinished file: disabling a
  // member waits for that object while it has locked the member's row.
  const counted = await keepCounting(tx, ids, frees === "later")
  await releaseQuota(
    tx,
    files.filter(({ id }) => !counted.has(id)),
  )
  return files
}
