import "server-only"
import type { MemberId } from "#lib/accounts/member.ts"
import { noSql, type Sql, sql } from "#lib/db.ts"
import { containing } from "#lib/list-page.ts"
import type { ShareStatus } from "./share.ts"

// shareStatus in SQL, over a share called s; status-in-sql.test.ts keeps the two in step.

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

export const hasStatus = (status: ShareStatus) => CONDITIONS[status]

/** Shares whose title or one of whose files' names contains the text. */
export function mentions(text: string, owner: MemberId | string | null) {
  const pattern = containing(text)
  const ofOwner = owner ? sql`AND owner_id = ${owner}::uuid` : noSql
  return sql`s.id IN (
    SELECT id FROM share WHERE title ILIKE ${pattern} ${ofOwner}
    UNION ALL
    SELECT share_file.share_id FROM file JOIN share_file ON share_file.file_id = file.id
    WHERE file.name ILIKE ${pattern} AND file.deleted_at IS NULL ${ofOwner})`
}
