import "server-only"
import type { Tx } from "#lib/adapters/database.ts"
import { plainName } from "#lib/adapters/text/plain-text.ts"
import { recordParts } from "#lib/rooms/audit/record-audit.ts"
import { doomObjects } from "#lib/rooms/files/objects/doom-objects.ts"

type Ending = {
  /** The member, who is already disabled, so that no upload can start. */
  ownerId: string
  actorId: string | null
  actId: string
}

/**
 * Marks the objects of every running upload of a member as doomed, including thumbnails, in the
 * transaction that disables the member, so that no upload can be finished. The job of each object
 * abandons its file. Uploads of guests go on, for the next owner of their request. Locks no files,
 * because files are locked before members.
 */
export async function endUploads(tx: Tx, { ownerId, ...act }: Ending): Promise<void> {
  const ended = await doomObjects(tx, {
    kind: "file",
    state: "uploading",
    file: { ownerId, deliveryId: null, status: "uploading", deletedAt: null },
  })
  // A locked thumbnail is skipped: it is being finished, replaced or deleted by a transaction that
  // may be waiting for the member.
  const thumbnails = await tx.$queryRaw<{ key: string }[]>`
    SELECT key FROM object JOIN file ON file.id = file_id
    WHERE file.owner_id = ${ownerId}::uuid AND kind = 'thumbnail' AND state = 'uploading'
    FOR UPDATE OF object SKIP LOCKED`
  await doomObjects(tx, { key: { in: thumbnails.map(({ key }) => key) } })
  const files = await tx.file.findMany({
    where: { id: { in: ended } },
    select: { id: true, name: true, size: true },
  })
  const parts = files.map(({ id, name, size }) => ({
    targetId: id,
    details: { name: plainName(name), size: Number(size) },
  }))
  await recordParts(tx, { ...act, action: "file.cancel", parts })
}
