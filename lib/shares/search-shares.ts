import "server-only"
import { db, noSql, type Sql, sql } from "#lib/db.ts"
import { containing } from "#lib/list-page.ts"

/** With more matches the list is scanned until a page is full; else they are selected by their ids. */
const MANY = 2_000

/** A text that at least a tenth of the newest shares contain is common. */
const NEWEST = 300

export type Search = {
  /** A condition, over a share called s. */
  where: Sql
  /** The same for titles alone, which costs a tenth; null where the matches are few. */
  byTitle: Sql | null
}

/**
 * Finds shares whose title, recipient, or one of whose files' names contains the text. The trigram
 * indexes find rare words; a scan soon fills a page with common ones. Neither way is fast for both,
 * and for a common word the indexes are not asked at all.
 */
export async function searchShares(text: string, owner: string | null): Promise<Search> {
  const pattern = containing(text)
  const byTitle = sql`(s.title ILIKE ${pattern}) IS TRUE` // without the index of words
  // With EXISTS the planner would hash every match first.
  const where = sql`(${byTitle} OR (
    SELECT true FROM share_file JOIN file ON file.id = share_file.file_id
    WHERE share_file.share_id = s.id AND file.name ILIKE ${pattern} AND file.deleted_at IS NULL
      AND removed_at IS NULL
    LIMIT 1) OR (
    SELECT true FROM link WHERE link.share_id = s.id AND link.recipient ILIKE ${pattern} LIMIT 1))`
  if (await isCommon(where, owner)) return { where, byTitle }
  const ids = await findMatches(pattern, owner)
  if (ids.length > MANY) return { where, byTitle }
  return { where: sql`s.id = ANY(${ids}::uuid[])`, byTitle: null }
}

async function isCommon(where: Sql, owner: string | null) {
  const [found] = await db.$queryRaw<{ common: boolean }[]>`
    SELECT count(*) >= ${NEWEST / 10} AS common FROM (
      SELECT FROM (
        SELECT s.id, s.title FROM share s ${owner ? sql`WHERE s.owner_id = ${owner}::uuid` : noSql}
        ORDER BY s.created_at DESC, s.id DESC LIMIT ${NEWEST}
      ) AS s WHERE ${where} LIMIT ${NEWEST / 10}
    ) AS hits`
  return found?.common ?? false
}

/** The ids of the shares, one more at most than are many. */
async function findMatches(pattern: string, owner: string | null) {
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
  return hits.map(({ id }) => id)
}
