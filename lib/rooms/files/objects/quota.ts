import "server-only"
import { configuration } from "#lib/adapters/configuration.ts"
import { db, type Sql, sql, type Tx } from "#lib/adapters/database.ts"
import { PUT_TTL_SECONDS } from "#lib/adapters/storage.ts"
import { plainName } from "#lib/adapters/text/plain-text.ts"
import { refusal } from "#lib/adapters/text/sentences.ts"
import type { OwnerId } from "#lib/rooms/accounts/member.ts"

/**
 * Returns the bytes of a member's files and the quota, which is null for no limit. Includes
 * unfinished uploads, and deleted files as long as a URL may store them again.
 */
export async function readUsage(
  owner: OwnerId,
): Promise<{ usedBytes: number; quotaBytes: number | null }> {
  const { usedBytes, quotaBytes } = await readQuota(owner)
  return { usedBytes, quotaBytes }
}

async function readQuota(owner: OwnerId) {
  const member = await db.member.findUniqueOrThrow({
    where: { id: owner },
    select: { usedBytes: true, quotaBytes: true, disabledAt: true },
  })
  const quota = member.quotaBytes ?? configuration.DEFAULT_QUOTA_BYTES ?? null
  return {
    usedBytes: Number(member.usedBytes),
    quotaBytes: quota === null ? null : Number(quota),
    disabled: member.disabledAt !== null,
  }
}

/**
 * Locks the member's row, for a transaction that reserves quota. A separate statement: one that
 * waits for a lock and then updates the row uses the version from before the wait, and two of them
 * can wait for each other while a foreign key locks that version.
 */
export async function lockQuota(tx: Tx, owner: OwnerId): Promise<void> {
  await tx.$queryRaw`SELECT FROM member WHERE id = ${owner}::uuid FOR NO KEY UPDATE`
}

/**
 * Queries that reserve the bytes of new files in the member's quota, after `lockQuota`. They are
 * for a statement WITH RECURSIVE that has a query wanted (position from 1, size). Files are
 * accepted in this order, each if it fits together with those before it. `fitting` has their
 * positions, and none if the member was disabled since the request was checked. `also` is SQL for a
 * row with the numbers of `files` and `bytes` to which others limit them.
 */
export function reserveQuota(owner: OwnerId, also?: Sql): Sql {
  const quota = quotaOfMember()
  return sql`room AS MATERIALIZED (
      SELECT id, least(${quota} - used_bytes, also.bytes) AS bytes, also.files
      FROM member CROSS JOIN (${also ?? UNLIMITED}) AS also
      WHERE id = ${owner}::uuid AND disabled_at IS NULL
    ), sizes AS (
      SELECT array_agg(size ORDER BY position) AS list FROM wanted
    ), counted (position, files, bytes, fits) AS (
      SELECT 0, 0::bigint, 0::bigint, false FROM room
      UNION ALL
      SELECT next.position, counted.files + next.fits::int,
        CASE WHEN next.fits THEN next.bytes ELSE counted.bytes END, next.fits
      FROM counted, room, sizes, LATERAL (
        SELECT counted.position + 1 AS position, counted.bytes + list[counted.position + 1] AS bytes,
          (room.bytes IS NULL OR counted.bytes + list[counted.position + 1] <= room.bytes)
            AND (room.files IS NULL OR counted.files < room.files) AS fits
      ) AS next
      WHERE next.position <= cardinality(list)
    ), fitting AS (
      SELECT position FROM counted WHERE fits
    ), reserved AS (
      UPDATE member SET used_bytes = used_bytes + (SELECT max(bytes) FROM counted)
      FROM room WHERE member.id = room.id AND EXISTS (SELECT FROM fitting)
    )`
}

const UNLIMITED = sql`SELECT NULL::bigint AS bytes, NULL::bigint AS files`

/** In SQL: the quota of the row member; null for no limit. */
export const quotaOfMember = (): Sql =>
  sql`coalesce(member.quota_bytes, ${configuration.DEFAULT_QUOTA_BYTES ?? null}::bigint)`

/** Counts bytes of an import for a member, even over the quota. Returns the member's id. */
export const countImported = (owner: OwnerId, bytes: number): Sql =>
  sql`UPDATE member SET used_bytes = used_bytes + ${bytes}::bigint
    WHERE id = ${owner}::uuid RETURNING id`

/**
 * Keeps counting deleted files until every URL signed for their bytes has expired. Runs in the
 * transaction that deletes the files, after their objects were doomed, and counts a file once,
 * however many objects it had. `releaseDeleted` frees the bytes. Returns the ids of files that still
 * count: the others have no such URL and were ready, unless
 * all are to be counted `always` until then.
 */
export async function keepCounting(tx: Tx, ids: string[], always: boolean): Promise<Set<string>> {
  const counted = await tx.$queryRaw<{ id: string }[]>`
    UPDATE file SET counted_until = greatest(url_ends_at, clock_timestamp())
    FROM (
      SELECT deleted.id, (
        -- No URL was ever signed for parts of an upload that did not begin in the store.
        SELECT max(put_expires_at) FROM object
        WHERE file_id = deleted.id AND kind = 'file'
          AND (part_size IS NULL OR upload_id IS NOT NULL)
      ) AS url_ends_at FROM unnest(${ids}::uuid[]) AS deleted (id)
    ) AS last
    WHERE file.id = last.id
      AND (${always} OR status = 'abandoned' OR url_ends_at > clock_timestamp())
    RETURNING file.id`
  return new Set(counted.map(({ id }) => id))
}

/** Frees a deleted file's bytes if no URL can still store them. Repeating changes nothing. */
export async function releaseDeleted(fileId: string): Promise<void> {
  // After a wait for a file that moves to another member, PostgreSQL first computes the update from
  // that member's row without the bytes, which must not fail, and then from the current one.
  await db.$executeRaw`
    WITH released AS (
      UPDATE file SET counted_until = NULL
      WHERE id = ${fileId}::uuid AND counted_until <= clock_timestamp()
      RETURNING owner_id, size
    )
    UPDATE member SET used_bytes = greatest(used_bytes - released.size, 0)
    FROM released WHERE member.id = released.owner_id`
}

/** Frees the bytes of files at once, in the transaction that deletes them. */
export async function releaseQuota(
  tx: Tx,
  files: { ownerId: string; size: bigint }[],
): Promise<void> {
  const owners = Map.groupBy(files, ({ ownerId }) => ownerId)
  for (const [id, own] of [...owners].sort()) {
    const bytes = own.reduce((sum, { size }) => sum + size, 0n)
    const usedBytes = { decrement: bytes }
    await tx.member.update({ where: { id }, data: { usedBytes }, select: { id: true } })
  }
}

type Move = { from: string; to: string; bytes: bigint }

/**
 * Moves the count of bytes to another member, in the transaction that moves the files. It may
 * exceed the new owner's quota. Locks both members.
 */
export async function moveQuota(tx: Tx, { from, to, bytes }: Move): Promise<void> {
  await tx.$queryRaw`
    SELECT id FROM member WHERE id = ANY(${[from, to]}::uuid[]) ORDER BY id FOR NO KEY UPDATE`
  await tx.$executeRaw`
    UPDATE member SET used_bytes = used_bytes + CASE id WHEN ${to}::uuid THEN 1 ELSE -1 END * ${bytes}::bigint
    WHERE id = ANY(${[from, to]}::uuid[])`
}

/**
 * Refuses (quota_exceeded) bytes that were moved to an owner beyond the quota, after `moveQuota` and
 * in its transaction, which a refusal rolls back.
 */
export async function refuseOverQuota(tx: Tx, owner: OwnerId, bytes: bigint): Promise<void> {
  const [over] = await tx.$queryRaw<{ name: string; quota: bigint; used: bigint }[]>`
    SELECT name, ${quotaOfMember()} AS quota, used_bytes AS used FROM member
    WHERE id = ${owner}::uuid AND used_bytes > ${quotaOfMember()}`
  if (!over) return
  const quota = Number(over.quota)
  const left = Math.max(quota - Number(over.used - bytes), 0)
  throw refusal("quota_exceeded", "move_quota", {
    name: plainName(over.name),
    ...{ size: { bytes: Number(bytes) }, left: { bytes: left }, quota: { bytes: quota } },
  })
}

/** Says which files fit a member's quota, and refuses others. Refuses (signed_out) a disabled member. */
export async function readQuotaRoom(owner: OwnerId) {
  const { usedBytes, quotaBytes, disabled } = await readQuota(owner)
  if (disabled) throw refusal("signed_out", "signed_out")
  const left = Math.max((quotaBytes ?? 0) - usedBytes, 0)
  const refuse = ({ name, size }: { name: string; size: number }) =>
    refusal(
      "quota_exceeded",
      "quota",
      {
        name,
        size: { bytes: size },
        left: { bytes: left },
        quota: { bytes: quotaBytes ?? 0 },
        more: { bytes: Math.max(size - left, 0) },
        minutes: PUT_TTL_SECONDS / 60,
      },
      { field: "size" },
    )
  return { fits: ({ size }: { size: number }) => quotaBytes === null || size <= left, refuse }
}
