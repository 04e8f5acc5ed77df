import "server-only"
import { db, longDb, sql } from "#lib/adapters/database.ts"
import { refusal } from "#lib/adapters/text/sentences.ts"
import type { OwnerId } from "#lib/rooms/accounts/member.ts"
import { recordDeleted, removeFile } from "#lib/rooms/files/delete-file.ts"
import { recordRemoved } from "#lib/rooms/files/objects/record-removed.ts"
import { DELIVERY_SECONDS } from "#lib/rooms/files/upload/delivery-seconds.ts"

/** In SQL: whether a request is revoked, or the sender of its delivery was erased. */
const isOver = sql`(share.revoked_at IS NOT NULL OR delivery.erased_at IS NOT NULL)`

/**
 * Cancels the uploads of guests whose requests are revoked, or whose data was erased, as if they had
 * withdrawn them: their bytes are deleted and no longer count. Returns how many.
 */
export async function endDeliveries(): Promise<number> {
  await forgetSentNames()
  const running = await db.$queryRaw<{ id: string }[]>`
    SELECT file.id FROM file JOIN delivery ON delivery.id = file.delivery_id
      JOIN share ON share.id = delivery.share_id
    WHERE file.status = 'uploading' AND file.deleted_at IS NULL AND ${isOver}`
  let ended = 0
  for (const { id } of running) {
    // Ends nothing if the request was restored meanwhile.
    const which = sql`id = ${id}::uuid AND status = 'uploading' AND EXISTS (
      SELECT FROM delivery JOIN share ON share.id = delivery.share_id
      WHERE delivery.id = file.delivery_id AND ${isOver})`
    await db.$transaction(async (tx) => {
      const file = await removeFile(tx, which)
      if (!file) return
      await recordRemoved(tx, "file.abandon", file)
      ended++
    })
  }
  return ended
}

/**
 * Ends the unfinished uploads of a delivery for the owner of its request, and makes room of them as
 * soon as no URL can store them. Refuses `not_found`.
 */
export async function endUploadsOf(owner: OwnerId, deliveryId: string): Promise<void> {
  const delivery = await db.delivery.findFirst({
    where: { id: deliveryId, request: { share: { ownerId: owner } } },
    select: { files: { where: { status: "uploading", deletedAt: null }, select: { id: true } } },
  })
  if (!delivery) throw refusal("not_found", "no_delivery")
  for (const { id } of delivery.files) {
    const which = sql`id = ${id}::uuid AND owner_id = ${owner}::uuid AND status = 'uploading'`
    await db.$transaction(async (tx) => {
      const file = await removeFile(tx, which, "owner")
      if (file) await recordDeleted(tx, owner, file)
    })
  }
}

/**
 * Clears the names under which erased senders sent their files. Those of files that are uploading
 * are cleared when their uploads end.
 */
export async function forgetSentNames(which = sql`true`): Promise<void> {
  // Locks in the order of the ids, so that two such statements never deadlock.
  await longDb.$executeRaw`
    UPDATE file SET sent_name = NULL, sent_path = NULL WHERE id IN (
      SELECT file.id FROM delivery JOIN file ON file.delivery_id = delivery.id
      WHERE delivery.erased_at IS NOT NULL AND ${which}
        AND file.sent_name IS NOT NULL AND file.status <> 'uploading'
      ORDER BY file.id FOR NO KEY UPDATE OF file)`
}

/**
 * Deletes deliveries that came to nothing, once their tickets have expired, and forgets where those
 * of more than a day ago began.
 */
export async function sweepDeliveries(): Promise<void> {
  await longDb.$executeRaw`
    UPDATE delivery SET network = NULL
    WHERE network IS NOT NULL AND started_at < statement_timestamp() - interval '1 day'`
  await longDb.$executeRaw`
    DELETE FROM delivery
    WHERE done_at IS NULL
      AND started_at < statement_timestamp() - make_interval(secs => ${DELIVERY_SECONDS}::int)
      AND NOT EXISTS (SELECT FROM file WHERE file.delivery_id = delivery.id
        AND (file.deleted_at IS NULL OR file.counted_until IS NOT NULL))`
}
