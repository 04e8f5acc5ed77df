import "server-only"
import { db, noSql, type Sql, sql } from "#lib/db.ts"
import { containing } from "#lib/list-page.ts"

/**
 * With up to so many matches the shares are selected by their ids; with more, the list is scanned
 * until a page is full.
 */
const MANY = 2_000

/**
 * A condition, over a share called s, for shares whose title, recipient, or one of whose files'
 * names contains the text. The trigram indexes find rare words; a scan soon fills a page with common ones. Neither
 * way is fast for both.
 */
export async function matchesSearch(text: string, owner: string | null): Promise<Sql> {
  const pattern = containing(text)
  const ofOwner = owner ? sql`AND owner_id = ${owner}::uuid` : noSql
  const hits = await db.$queryRaw<{ id: string }[]>`
    SELECT id FROM share WHERE title ILIKE ${pattern} ${ofOwner}
    UNION ALL
    SELECT share_file.share_id FROM file JOIN share_file ON share_file.file_id = file.id
    WHERE file.name ILIKE ${pattern} AND file.deleted_at IS NULL AND removed_at IS NULL ${ofOwner}
    UNION ALL
    SELECT link.share_id FROM link ${owner ? sql`JOIN share ON share.id = link.share_id` : noSql}
    WHERE link.recipient ILIKE ${pattern} ${ofOwner}
    LIMIT ${MANY + 1}`
  if (hits.length <= MANY) return sql`s.id = ANY(${hits.map(({ id }) => id)}::uuid[])`
  // With EXISTS the planner would hash every match first.
  return sql`(s.title ILIKE ${pattern} OR (
    SELECT true FROM share_file JOIN file ON file.id = share_file.file_id
    WHERE share_file.share_id = s.id AND file.name ILIKE ${pattern} AND file.deleted_at IS NULL
      AND removed_at IS NULL
    LIMIT 1) OR (
    SELECT true FROM link WHERE link.share_id = s.id AND link.recipient ILIKE ${pattern} LIMIT 1))`
}
