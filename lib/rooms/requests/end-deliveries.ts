import "server-only"
import { db, sql } from "#lib/adapters/database.ts"
import { removeFile } from "#lib/rooms/files/delete-file.ts"
import { recordRemoved } from "#lib/rooms/files/objects/record-removed.ts"

/**
 * Cancels the uploads of guests whose requests are revoked, as if they had withdrawn them: their
 * bytes are deleted and no longer count. Returns how many.
 */
export async function endDeliveries(): Promise<number> {
  const running = await db.$queryRaw<{ id: string }[]>`
    SELECT file.id FROM file JOIN delivery ON delivery.id = file.delivery_id
      JOIN share ON share.id = delivery.share_id
    WHERE file.status = 'uploading' AND file.deleted_at IS NULL AND share.revoked_at IS NOT NULL`
  let ended = 0
  for (const { id } of running) {
    // Ends nothing if the request was restored meanwhile.
    const which = sql`id = ${id}::uuid AND status = 'uploading' AND EXISTS (
      SELECT FROM delivery JOIN share ON share.id = delivery.share_id
      WHERE delivery.id = file.delivery_id AND share.revoked_at IS NOT NULL)`
    await db.$transaction(async (tx) => {
      const file = await removeFile(tx, which)
      if (!file) return
      await recordRemoved(tx, "file.abandon", file)
      ended++
    })
  }
  return ended
}
