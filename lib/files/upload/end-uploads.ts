import "server-only"
import { recordParts } from "#lib/audit/record-audit.ts"
import type { Tx } from "#lib/db.ts"
import { addJobs } from "#lib/queue.ts"
import { plainName } from "#lib/text/plain-text.ts"

type Ending = {
  /** The member, who is disabled already, so that no upload starts any more. */
  ownerId: string
  actorId: string | null
  /** The audit entry of the act that disables. */
  actId: string
}

/**
 * Dooms the objects of every running upload of a member, including thumbnails, in the transaction
 * that disables the member, so that none of them can be finished. The job of each object abandons
 * its file. It locks no file, because files are locked before the member.
 */
export async function endUploads(tx: Tx, { ownerId, ...act }: Ending): Promise<void> {
  const ended = await tx.$queryRaw<{ key: string; id: string; name: string; size: bigint }[]>`
    UPDATE object SET state = 'doomed', doomed_at = clock_timestamp()
    FROM file
    WHERE file.id = object.file_id AND file.owner_id = ${ownerId}::uuid
      AND file.status = 'uploading' AND file.deleted_at IS NULL
      AND object.kind = 'file' AND object.state = 'uploading'
    RETURNING object.key, file.id, file.name, file.size`
  // A locked thumbnail is being finished, replaced or deleted by a transaction that may wait for
  // the member, so it is skipped.
  const thumbnails = await tx.$queryRaw<{ key: string }[]>`
    UPDATE object SET state = 'doomed', doomed_at = clock_timestamp()
    WHERE key IN (
      SELECT key FROM object JOIN file ON file.id = file_id
      WHERE file.owner_id = ${ownerId}::uuid AND kind = 'thumbnail' AND state = 'uploading'
      FOR UPDATE OF object SKIP LOCKED
    ) RETURNING key`
  const keys = [...ended, ...thumbnails].map(({ key }) => ({ key }))
  await addJobs(tx, "destroyObject", keys)
  const parts = ended.map(({ id, name, size }) => ({
    targetId: id,
    details: { name: plainName(name), size: Number(size) },
  }))
  await recordParts(tx, { ...act, action: "file.cancel", parts })
}
