import "server-only"
import { type Sql, sql, type Tx } from "#lib/adapters/database.ts"
import { addJob } from "#lib/adapters/queue.ts"
import { plainName } from "#lib/adapters/text/plain-text.ts"
import type { AdminId, OwnerId } from "#lib/rooms/accounts/member.ts"
import { recordAudit } from "#lib/rooms/audit/record-audit.ts"
import { recordFile } from "#lib/rooms/audit/record-file.ts"
import { type RemovedFile, recordDeleted, removeFile } from "#lib/rooms/files/delete-file.ts"
import { nameShares } from "#lib/rooms/files/name-shares.ts"
import { isUnderLegalHold } from "#lib/rooms/files/retention/legal-hold.ts"

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
 * contains both, and in its folder, where the older one is deleted unless other shares contain it or
 * a legal hold keeps it. So is every file of the same name that replaces the same one and whose
 * upload was started earlier; that may be this one. Only files of the same owner and the same
 * delivery are replaced.
 * Call it in the transaction of `makeReady`; it writes audit entries, so almost nothing may follow.
 * By default they name the owner, who asked for it.
 */
export async function replaceOlder(tx: Tx, id: string, by?: OwnerId | AdminId): Promise<void> {
  const [newest] = await tx.$queryRaw<{ id: string }[]>`
    SELECT newest.id FROM file JOIN file AS newest ON newest.replaces_id = file.replaces_id
      AND newest.owner_id = file.owner_id AND ${isNamedAs(sql`newest`)}
      AND newest.delivery_id IS NOT DISTINCT FROM file.delivery_id
      AND newest.deleted_at IS NULL AND newest.status = 'ready'
    WHERE file.id = ${id}::uuid ORDER BY newest.created_at DESC, newest.id DESC LIMIT 1`
  if (!newest) return
  const older = await tx.$queryRaw<Older[]>`
    SELECT older.id, older.owner_id AS "ownerId", request.title, older.delivery_id AS "deliveryId"
    FROM file JOIN file AS older ON ${isOlder(sql`older`)}
      LEFT JOIN delivery ON delivery.id = older.delivery_id
      LEFT JOIN share AS request ON request.id = delivery.share_id
    WHERE file.id = ${newest.id}::uuid
    ORDER BY older.id`
  const [first] = older
  if (!first) return
  const actorId = by ?? (first.deliveryId === null ? first.ownerId : null)
  const taken = await takePlaces(tx, sql`share_file.file_id IN (${id}::uuid, ${newest.id}::uuid)`)
  const shareIds = taken.map(({ shareId }) => shareId)
  await nameShares(tx, sql`s.id = ANY(${shareIds}::uuid[])`)
  if (shareIds.length > 0) await addJob(tx, "exposeReplaced", { shareIds })
  const removed = []
  for (const one of older) {
    const file = await removeFile(
      tx,
      sql`id = ${one.id}::uuid AND NOT EXISTS (
        SELECT FROM share_file WHERE file_id = ${one.id}::uuid AND removed_at IS NULL)
        AND NOT ${isUnderLegalHold}`,
      null,
      "later",
    )
    if (file) removed.push({ ...file, ...one })
  }
  for (const { shareId, title, removed } of taken) {
    const details = { title, added: 0, removed }
    await recordAudit(tx, { actorId, action: "share.files", targetId: shareId, details })
  }
  for (const file of removed) await recordReplaced(tx, actorId, file)
}

type Older = { id: string; ownerId: OwnerId; title: string | null; deliveryId: string | null }

/** A share, and how many files were taken from it. */
type Taken = { shareId: string; title: string; removed: number }

/**
 * Gives ready files the places of those that they replace, in the shares that `which` selects: a
 * condition on share_file. The older ones are removed from there.
 */
export const takePlaces = (tx: Tx, which: Sql): Promise<Taken[]> =>
  tx.$queryRaw<Taken[]>`
    WITH newer AS MATERIALIZED (
      SELECT share_file.share_id, file.* FROM share_file JOIN file ON file.id = share_file.file_id
      WHERE ${which} AND removed_at IS NULL AND replaces_id IS NOT NULL AND status = 'ready'
    ), pair AS MATERIALIZED (
      SELECT share.id, share.title, file.id AS newer_id, share_file.file_id AS older_id,
        share_file.position
      FROM newer AS file CROSS JOIN LATERAL (
        SELECT older.id FROM file AS older WHERE ${isOlder(sql`older`)} OFFSET 0
      ) AS older
        JOIN share_file ON share_file.share_id = file.share_id AND share_file.file_id = older.id
          AND share_file.removed_at IS NULL
        JOIN share ON share.id = file.share_id
      ORDER BY share.id FOR NO KEY UPDATE OF share
    ), place AS (
      SELECT id, newer_id AS file_id, min(position) AS position FROM pair
      WHERE (id, newer_id) NOT IN (SELECT id, older_id FROM pair) GROUP BY id, newer_id
      UNION ALL SELECT DISTINCT id, older_id, NULL::int FROM pair
    ), moved AS (
      UPDATE share_file SET
        position = coalesce(place.position, share_file.position),
        removed_at = CASE WHEN place.position IS NULL THEN clock_timestamp() END
      FROM place WHERE share_id = place.id AND share_file.file_id = place.file_id
      RETURNING share_id, removed_at
    )
    SELECT share.id AS "shareId", share.title, count(removed_at)::int AS removed
    FROM moved JOIN share ON share.id = share_id
    GROUP BY share.id ORDER BY share.id`

/**
 * In SQL: whether a row is replaced by the row file, which is ready. Of several that replace the
 * same file, the upload that was started last remains, and those that got another name or folder
 * since. Nothing of a delivery that is done is replaced, as its receipt says.
 */
const isOlder = (row: Sql) => sql`
  (${row}.id = file.replaces_id OR ${row}.replaces_id = file.replaces_id
    AND ${isNamedAs(row)} AND (${row}.created_at, ${row}.id) < (file.created_at, file.id))
  AND ${row}.id <> file.id AND ${row}.owner_id = file.owner_id
  AND ${row}.delivery_id IS NOT DISTINCT FROM file.delivery_id
  AND ${row}.deleted_at IS NULL AND ${row}.status <> 'uploading'
  AND NOT EXISTS (
    SELECT FROM delivery WHERE delivery.id = ${row}.delivery_id AND done_at IS NOT NULL)`

const isNamedAs = (row: Sql) => sql`(${row}.name, ${row}.path) = (file.name, file.path)`

function recordReplaced(tx: Tx, actorId: OwnerId | AdminId | null, file: RemovedFile & Older) {
  const { title, deliveryId, ownerId } = file
  if (deliveryId === null) return recordDeleted(tx, actorId ?? ownerId, file)
  return recordFile(tx, {
    actorId: null,
    action: "request.withdraw",
    targetId: file.id,
    path: file.path,
    details: { name: plainName(file.name), size: Number(file.size), title, deliveryId },
  })
}
