import "server-only"
import type { MemberId } from "#lib/accounts/member.ts"
import { db, type Sql, sql, type Tx } from "#lib/db.ts"
import { evenOnFullDisk } from "#lib/disk-ballast.ts"
import { addJob } from "#lib/queue.ts"
import { releaseQuota } from "./quota.ts"
import { fileIdOrRefuse, noSuchFile } from "./require-file.ts"

/**
 * Deletes a file or cancels its upload: from now on no share contains it, its bytes are deleted,
 * and its size is free again in the member's quota. Works on a full disk. Refuses `not_found`.
 */
export async function deleteFile(owner: MemberId, id: string): Promise<void> {
  const which = sql`id = ${fileIdOrRefuse(id)}::uuid AND owner_id = ${owner}::uuid`
  const remove = () => db.$transaction((tx) => removeFile(tx, which))
  if (!(await evenOnFullDisk(remove))) throw noSuchFile()
}

type Removed = { id: string; ownerId: string; size: bigint }

/**
 * The same in the caller's transaction, for the one file that `which` matches. An upload that is
 * not finished becomes abandoned. Returns false if no file matches.
 */
export async function removeFile(tx: Tx, which: Sql): Promise<boolean> {
  const [file] = await tx.$queryRaw<Removed[]>`
    UPDATE file SET deleted_at = clock_timestamp(), object_key = NULL,
      status = CASE status WHEN 'uploading' THEN 'abandoned' ELSE status END
    WHERE deleted_at IS NULL AND ${which}
    RETURNING id, owner_id AS "ownerId", size`
  if (!file) return false
  await releaseQuota(tx, file.ownerId, file.size)
  // A separate statement: it sees an object that was committed while the update waited for the
  // file's row.
  const doomed = await tx.$queryRaw<{ key: string }[]>`
    UPDATE object SET state = 'doomed', doomed_at = clock_timestamp()
    WHERE file_id = ${file.id}::uuid AND state <> 'doomed' RETURNING key`
  for (const { key } of doomed) await addJob(tx, "destroyObject", { key })
  return true
}
