import "server-only"
import { db, longDb, rawSql, type Sql, sql } from "#lib/adapters/database.ts"
import { warnOnFailure } from "#lib/adapters/outages/warn-on-failure.ts"
import { liveUrls } from "#lib/rooms/cut-offs/live-urls/live-urls.ts"
import { lostUrlsEnd } from "#lib/rooms/cut-offs/live-urls/lost-urls.ts"
import { keyNow } from "#lib/rooms/cut-offs/object-of.ts"
import { urlsEndedBefore } from "#lib/rooms/cut-offs/tags/recolour-files.ts"
import type { RevocationReach } from "#lib/rooms/shares/share.ts"
import { hasStatus } from "#lib/rooms/shares/share-sql.ts"

/**
 * Returns the reach of a done or planned revocation of these shares at a time; null if it could not
 * be counted. `named` is a condition whose columns have no table name. URLs count as already ended
 * if their object got another colour or key before then, but not by the revocation itself.
 */
export async function findReach(named: Sql, at: Date | string): Promise<RevocationReach | null> {
  const time = sql`${at}::timestamptz`
  const ended = rawSql(urlsEndedBefore("object"))
  const count = longDb.$queryRaw<RevocationReach[]>`
    WITH chosen AS MATERIALIZED (SELECT id, minted FROM share WHERE ${named}),
    held AS MATERIALIZED (
      SELECT DISTINCT file_id FROM share_file JOIN chosen ON chosen.id = share_file.share_id
      JOIN file ON file.id = file_id
      WHERE removed_at IS NULL AND file.deleted_at IS NULL AND file.status = 'ready'
    ),
    granted AS MATERIALIZED (
      SELECT minted.share_id, minted.file_id
      FROM (${liveUrls({ shares: sql`SELECT id FROM chosen WHERE minted`, since: time })}) AS minted
      JOIN file f ON f.id = minted.file_id
      JOIN object ON object.key = ${rawSql(keyNow("minted"))}
      WHERE minted.minted_at >= ${ended} OR ${ended} > ${time}
      UNION SELECT share_id, file_id FROM share_file JOIN chosen ON chosen.id = share_id
      WHERE file_id IN (SELECT file_id FROM held) AND ${rawSql(lostUrlsEnd)} > ${time}
    )
    SELECT (SELECT count(*) FROM chosen)::int AS shares,
      (SELECT count(*) FROM held)::int AS files,
      (SELECT count(DISTINCT share_id) FROM granted)::int AS "exposedShares",
      (SELECT count(DISTINCT file_id) FROM granted)::int AS "exposedFiles",
      (SELECT count(*) FROM held WHERE EXISTS (
        SELECT FROM share_file JOIN share s ON s.id = share_file.share_id
        WHERE share_file.file_id = held.file_id AND share_file.removed_at IS NULL
          AND NOT EXISTS (SELECT FROM chosen WHERE chosen.id = s.id)
          AND ${rawSql(hasStatus("s", "open"))}
      ))::int AS "filesElsewhere"`
  return (await warnOnFailure(count, "the reach of a revocation is not known"))?.[0] ?? null
}

type Uncounted = { input: unknown; askedAt: string; madeUntil: string }

/** Counts once the reach of a revocation of several batches, when all shares are revoked. */
export async function recordReach(id: string, namedBy: (input: unknown, askedAt: string) => Sql) {
  const [change] = await db.$queryRaw<Uncounted[]>`
    SELECT input, requested_at::text AS "askedAt", made_until::text AS "madeUntil"
    FROM bulk_change WHERE id = ${id}::uuid AND done_at IS NOT NULL AND reach IS NULL`
  if (!change) return
  const { input, askedAt, madeUntil } = change
  const selected = sql`(${namedBy(input, askedAt)}) AND created_at <= ${madeUntil}::timestamptz`
  const reach = await findReach(selected, askedAt)
  if (reach) await db.bulkChange.update({ where: { id }, data: { reach }, select: { id: true } })
}
