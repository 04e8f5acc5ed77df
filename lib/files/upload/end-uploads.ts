import "server-only"
import { recordParts } from "#lib/audit/record-audit.ts"
import type { Tx } from "#lib/db.ts"
import { addJobs } from "#lib/queue.ts"
import { plainName } from "#lib/text/plain-text.ts"

type Ending = {
  /** The member, who is disabled already: no upload starts any more. */
  ownerId: string
  actorId: string | null
  /** The audit entry of the act that disables. */
  actId: string
}

/**
 * Dooms the objects of every upload that a member has under way, thumbnails included, in the
 * transaction that disables the member: none of them can be finished. The job of each object
 * abandons its file. Takes no lock of a file, because those come before the member's.
 */
export async function endUploads(tx: Tx, { ownerId, ...act }: Ending): Promise<void> {
  const ended = await tx.$queryRaw<{ key: string; id: string; name: string; size: bigint }[]>`
    UPDATE object SET state = 'doomed', doomed_at = clock_timestamp()
    FROM file
    WHERE file.id = object.file_id AND file.owner_id = ${ownerId}::uuid
      AND file.status = 'uploading' AND file.deleted_at IS NULL
      AND object.kind = 'file' AND object.state = 'uploading'
    RETURNING object.key, file.id, file.name, file.size`
  // One that is locked is being finished, replaced or deleted: whoever does that may wait for the
  // member.
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
