import "server-only"
import { containing } from "#lib/adapters/database/list-page.ts"
import { db, noSql, type Sql, sql } from "#lib/adapters/database.ts"
import { readLinkToken } from "#lib/adapters/secrets.ts"
import { byRecipient } from "#lib/rooms/shares/links/read-links.ts"

/** With more matches the list is scanned until a page is full, else they are selected by id. */
const MANY = 2_000

/**
 * A text is common if a tenth of the `probed` newest shares contain it, and if more titles of the
 * `counted` newest shares contain it than a list counts.
 */
const NEWEST = { probed: 300, counted: 20_000 }
const COUNTED = 1_000

type Search = {
  /** A condition on a share called s. */
  where: Sql
  /** A condition only on titles, which costs a tenth; null without many matches. */
  byTitle: Sql | null
}

/**
 * Finds the share of a link, or shares whose title, recipient or any file name contains the text.
 * The trigram indexes find
 * rare words quickly, and a scan quickly fills a page with common ones. Neither is fast for both,
 * so for a common word the indexes are not used at all.
 */
export async function searchShares(text: string, owner: string | null): Promise<Search> {
  const [, token] = /\/s\/([\w-]{32})\/?$/.exec(text.trim()) ?? []
  const publicId = token && readLinkToken(token)
  if (publicId) {
    const where = sql`s.id = (SELECT share_id FROM link WHERE public_id = ${publicId})`
    return { where, byTitle: null }
  }
  const pattern = containing(text)
  const byTitle = sql`(s.title ILIKE ${pattern}) IS TRUE` // without the index of words
  // With EXISTS, the planner would first hash every match.
  const where = sql`(${byTitle} OR (
    SELECT true FROM share_file JOIN file ON file.id = share_file.file_id
    WHERE share_file.share_id = s.id AND file.name ILIKE ${pattern} AND file.deleted_at IS NULL
      AND removed_at IS NULL
    LIMIT 1) OR (
    SELECT true FROM link WHERE link.share_id = s.id AND ${byRecipient(pattern)} LIMIT 1))`
  if (await isCommon({ where, byTitle }, owner)) return { where, byTitle }
  const ids = await findMatches(pattern, owner)
  if (ids.length > MANY) return { where, byTitle }
  return { where: sql`s.id = ANY(${ids}::uuid[])`, byTitle: null }
}

/** Whether a text is common. Looks only at the newest shares, to be fast. */
async function isCommon({ where, byTitle }: { where: Sql; byTitle: Sql }, owner: string | null) {
  const newest = (count: number) => sql`(
    SELECT s.id, s.title FROM share s ${owner ? sql`WHERE s.owner_id = ${owner}::uuid` : noSql}
    ORDER BY s.created_at DESC, s.id DESC LIMIT ${count})`
  const hits = (count: number, condition: Sql, most: number) => sql`(SELECT count(*) FROM (
    SELECT FROM ${newest(count)} AS s WHERE ${condition} LIMIT ${most}) AS hits)`
  const tenth = NEWEST.probed / 10
  const [found] = await db.$queryRaw<{ common: boolean }[]>`
    SELECT CASE WHEN ${hits(NEWEST.probed, where, tenth)} = ${tenth}
      THEN ${hits(NEWEST.counted, byTitle, COUNTED + 1)} > ${COUNTED} ELSE false END AS common`
  return found?.common ?? false
}

/** Returns the ids of the matching shares, at most MANY + 1. */
async function findMatches(pattern: string, owner: string | null) {
  const ofOwner = owner ? sql`AND owner_id = ${owner}::uuid` : noSql
  const hits = await db.$queryRaw<{ id: string }[]>`
    SELECT id FROM share WHERE title ILIKE ${pattern} ${ofOwner}
    UNION ALL
    SELECT share_file.share_id FROM file JOIN share_file ON share_file.file_id = file.id
    WHERE file.name ILIKE ${pattern} AND file.deleted_at IS NULL AND removed_at IS NULL ${ofOwner}
    UNION ALL
    SELECT link.share_id FROM link ${owner ? sql`JOIN share ON share.id = link.share_id` : noSql}
    WHERE ${byRecipient(pattern)} ${ofOwner}
    LIMIT ${MANY + 1}`
  return hits.map(({ id }) => id)
}
