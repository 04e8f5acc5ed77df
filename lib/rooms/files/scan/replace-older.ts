import "server-only"
import { type Sql, sql, type Tx } from "#lib/adapters/database.ts"
import { plainName } from "#lib/adapters/text/plain-text.ts"
import type { MemberId } from "#lib/rooms/accounts/member.ts"
import { recordFile } from "#lib/rooms/audit/record-file.ts"
import { type RemovedFile, recordDeleted, removeFile } from "#lib/rooms/files/delete-file.ts"

type Replacing = { replacesId: string; ownerId: string; deliveryId: string | null }

/**
 * Locks the file that another one replaces, and all that replace it, in the order of their ids. Of
 * several that become ready at the same time, each sees those before it.
 */
export async function lockReplaced(tx: Tx, which: Sql): Promise<void> {
  const [file] = await tx.$queryRaw<Replacing[]>`
    SELECT replaces_id AS "replacesId", owner_id AS "ownerId", delivery_id AS "deliveryId"
    FROM file WHERE ${which} AND replaces_id IS NOT NULL`
  if (!file) return
  // One value for both, so that indexes serve it.
  await tx.$queryRaw`
    SELECT FROM file
    WHERE (id = ${file.replacesId}::uuid OR replaces_id = ${file.replacesId}::uuid)
      AND owner_id = ${file.ownerId}::uuid
      AND delivery_id IS NOT DISTINCT FROM ${file.deliveryId}::uuid
    ORDER BY id FOR UPDATE`
}

/**
 * Gives the place of the file that this ready one replaces to this one: in every share that
 * contains both, and in its folder, where the older one is deleted unless other shares contain it.
 * What replaced it before is replaced too, so that one file remains. Only files of the same owner
 * and the same delivery are replaced. Call it in the transaction of `makeReady`; it writes audit
 * entries, so almost nothing may follow.
 */
export async function replaceOlder(tx: Tx, id: string): Promise<void> {
  const older = await tx.$queryRaw<Older[]>`
    SELECT older.id, share.title, older.delivery_id AS "deliveryId"
    FROM file JOIN file AS older ON ${isOlder(sql`older`)}
      LEFT JOIN delivery ON delivery.id = older.delivery_id
      LEFT JOIN share ON share.id = delivery.share_id
    WHERE file.id = ${id}::uuid
    ORDER BY older.id`
  if (older.length === 0) return
  await takePlaces(tx, sql`share_file.file_id = ${id}::uuid`)
  const removed = []
  for (const one of older) {
    const file = await removeFile(
      tx,
      sql`id = ${one.id}::uuid AND NOT EXISTS (
        SELECT FROM share_file WHERE file_id = ${one.id}::uuid AND removed_at IS NULL)`,
    )
    if (file) removed.push({ ...one, ...file })
  }
  for (const file of removed) await recordReplaced(tx, file)
}

type Older = { id: string; title: string | null; deliveryId: string | null }

/**
 * Gives ready files the places of those that they replace, in the shares that `which` selects: a
 * condition on share_file. The older ones are removed from there.
 */
export async function takePlaces(tx: Tx, which: Sql): Promise<void> {
  await tx.$executeRaw`
    WITH newer AS MATERIALIZED (
      SELECT share_file.share_id, file.* FROM share_file JOIN file ON file.id = share_file.file_id
      WHERE ${which} AND removed_at IS NULL AND replaces_id IS NOT NULL AND status = 'ready'
    ), pair AS MATERIALIZED (
      SELECT share.id, file.id AS newer_id, share_file.file_id AS older_id, share_file.position
      FROM newer AS file CROSS JOIN LATERAL (
        SELECT older.id FROM file AS older WHERE ${isOlder(sql`older`)} OFFSET 0
      ) AS older
        JOIN share_file ON share_file.share_id = file.share_id AND share_file.file_id = older.id
          AND share_file.removed_at IS NULL
        JOIN share ON share.id = file.share_id
      ORDER BY share.id FOR NO KEY UPDATE OF share
    )
    UPDATE share_file SET
      position = CASE file_id WHEN newer_id THEN pair.position ELSE share_file.position END,
      removed_at = CASE file_id WHEN older_id THEN clock_timestamp() END
    FROM pair WHERE share_id = pair.id AND file_id IN (older_id, newer_id)`
}

/** In SQL: whether a row is replaced by the row file. */
const isOlder = (row: Sql) => sql`
  (${row}.id = file.replaces_id OR ${row}.replaces_id = file.replaces_id AND ${row}.status = 'ready')
  AND ${row}.id <> file.id AND ${row}.owner_id = file.owner_id
  AND ${row}.delivery_id IS NOT DISTINCT FROM file.delivery_id
  AND ${row}.deleted_at IS NULL AND ${row}.status <> 'uploading'`

function recordReplaced(tx: Tx, file: RemovedFile & Older) {
  const { ownerId, title, deliveryId } = file
  if (deliveryId === null) return recordDeleted(tx, ownerId as MemberId, file)
  return recordFile(tx, {
    actorId: null,
    action: "request.withdraw",
    targetId: file.id,
    path: file.path,
    details: { name: plainName(file.name), size: Number(file.size), title, deliveryId },
  })
}
