import "server-only"
import { db, noSql, type Sql, sql } from "#lib/db.ts"
import { containing } from "#lib/list-page.ts"
import type { ShareStatus } from "./share.ts"

// shareStatus in SQL, over a share called s; share-sql.test.ts keeps the two in step.

/** Claims counted: own row plus shards. */
export const claimsOf = sql`(s.downloads + coalesce(
  (SELECT sum(c.downloads) FROM share_counter c WHERE c.share_id = s.id), 0))`

const revoked = sql`s.revoked_at IS NOT NULL`
const expired = sql`s.expires_at <= statement_timestamp()`
const usedUp = sql`(s.max_downloads IS NOT NULL AND ${claimsOf} >= s.max_downloads)`
const scheduled = sql`s.starts_at > statement_timestamp()`
const notExpired = sql`(s.expires_at IS NULL OR s.expires_at > statement_timestamp())`
const notScheduled = sql`(s.starts_at IS NULL OR s.starts_at <= statement_timestamp())`

export const statusOf = sql`CASE
  WHEN ${revoked} THEN 'revoked'
  WHEN ${expired} THEN 'expired'
  WHEN ${usedUp} THEN 'used_up'
  WHEN ${scheduled} THEN 'scheduled'
  ELSE 'open' END`

// Written out instead of comparing statusOf, so that each can use its index.
const CONDITIONS: Record<ShareStatus, Sql> = {
  revoked,
  expired: sql`NOT ${revoked} AND ${expired}`,
  used_up: sql`NOT ${revoked} AND ${notExpired} AND ${usedUp}`,
  scheduled: sql`NOT ${revoked} AND ${notExpired} AND ${scheduled} AND NOT ${usedUp}`,
  open: sql`NOT ${revoked} AND ${notExpired} AND ${notScheduled} AND NOT ${usedUp}`,
}

/** Shares written by one transaction, so that none holds a row for long. */
const AT_ONCE = 5_000
const FIRST = "00000000-0000-0000-0000-000000000000"

/**
 * Up to 5,000 shares that one statement is about to write, locked in the order of their ids: two
 * such statements at once wait for each other, and never in a circle. `where` is over a share
 * without a name.
 */
export const lockedShares = (where: Sql) => sql`
  SELECT id AS locked_id, revoked_at IS NULL AS was_open FROM share
  WHERE ${where}
  ORDER BY id
  LIMIT ${AT_ONCE}
  FOR NO KEY UPDATE`

/**
 * Writes any number of shares, a batch after another in the order of their ids. `write` is told which
 * come next, passes that on to `lockedShares`, and returns those it wrote.
 */
export async function inBatches<Written extends { id: string }>(
  where: Sql,
  write: (where: Sql) => Promise<Written[]>,
): Promise<void> {
  let after = FIRST
  for (;;) {
    const written = await write(sql`(${where}) AND id > ${after}::uuid`)
    if (written.length < AT_ONCE) return
    for (const { id } of written) if (id > after) after = id
  }
}

export const hasStatus = (status: ShareStatus) => CONDITIONS[status]

/** Up to here the shares that mention a text are looked up by it; beyond, the list is read until a page is full. */
const MANY = 2_000

/**
 * A condition for shares whose title or one of whose files' names contains the text. Rare words are
 * found by the trigram indexes, and common ones fill a page soon: neither way is fast for both.
 */
export async function mentions(text: string, owner: string | null): Promise<Sql> {
  const pattern = containing(text)
  const ofOwner = owner ? sql`AND owner_id = ${owner}::uuid` : noSql
  const hits = await db.$queryRaw<{ id: string }[]>`
    SELECT id FROM share WHERE title ILIKE ${pattern} ${ofOwner}
    UNION ALL
    SELECT share_file.share_id FROM file JOIN share_file ON share_file.file_id = file.id
    WHERE file.name ILIKE ${pattern} AND file.deleted_at IS NULL ${ofOwner}
    LIMIT ${MANY + 1}`
  if (hits.length <= MANY) return sql`s.id = ANY(${hits.map(({ id }) => id)}::uuid[])`
  // EXISTS would be turned into a hash of every match first.
  return sql`(s.title ILIKE ${pattern} OR (
    SELECT true FROM share_file JOIN file ON file.id = share_file.file_id
    WHERE share_file.share_id = s.id AND file.name ILIKE ${pattern} AND file.deleted_at IS NULL
    LIMIT 1))`
}
