import "server-only"
import { liveUrls } from "#lib/cut-offs/live-urls/live-urls.ts"
import { lostUrlsEnd } from "#lib/cut-offs/live-urls/lost-urls.ts"
import { keyNow } from "#lib/cut-offs/object-of.ts"
import { urlsEndedBefore } from "#lib/cut-offs/tags/recolour-files.ts"
import { longDb, rawSql, type Sql, sql } from "#lib/db.ts"
import type { RevocationReach } from "#lib/shares/share.ts"
import { hasStatus } from "#lib/shares/share-sql.ts"

/**
 * Returns what a revocation of these shares reaches. `named` is a condition whose columns have no
 * table name.
 */
export async function findReach(named: Sql): Promise<RevocationReach> {
  const [reach] = await longDb.$queryRaw<RevocationReach[]>`
    WITH chosen AS MATERIALIZED (SELECT id FROM share WHERE ${named}),
    held AS MATERIALIZED (
      SELECT DISTINCT file_id FROM share_file JOIN chosen ON chosen.id = share_file.share_id
      JOIN file ON file.id = file_id
      WHERE removed_at IS NULL AND file.deleted_at IS NULL AND file.status = 'ready'
    ),
    granted AS MATERIALIZED (
      SELECT minted.share_id, minted.file_id
      FROM (${liveUrls({ shares: sql`SELECT id FROM chosen`, since: sql`statement_timestamp()` })}) AS minted
      JOIN file f ON f.id = minted.file_id
      JOIN object ON object.key = ${rawSql(keyNow("minted"))}
      WHERE minted.minted_at >= ${rawSql(urlsEndedBefore("object"))}
      UNION SELECT share_id, file_id FROM share_file JOIN chosen ON chosen.id = share_id
      WHERE file_id IN (SELECT file_id FROM held) AND ${rawSql(lostUrlsEnd)} > statement_timestamp()
    )
    SELECT (SELECT count(*) FROM chosen)::int AS shares,
      (SELECT count(*) FROM held)::int AS files,
      (SELECT count(DISTINCT share_id) FROM granted)::int AS "exposedShares",
      (SELECT count(DISTINCT file_id) FROM granted)::int AS "exposedFiles",
      (SELECT count(*) FROM held WHERE EXISTS (
        SELECT FROM share_file JOIN share s ON s.id = share_file.share_id
        WHERE share_file.file_id = held.file_id AND share_file.removed_at IS NULL
          AND s.id NOT IN (SELECT id FROM chosen)
          AND ${rawSql(hasStatus("s", "open"))}
      ))::int AS "filesElsewhere"`
  if (!reach) throw new Error("An aggregate has a row.")
  return reach
}
