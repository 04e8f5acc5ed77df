import "server-only"
import { LONGEST_LIFETIME_SECONDS, URL_EVENTS } from "#lib/cut-offs/cut-off.ts"
import { lostUrlsEnd } from "#lib/cut-offs/lost-urls.ts"
import { longDb, rawSql, type Sql } from "#lib/db.ts"
import type { RevocationReach } from "./share.ts"
import { hasStatus } from "./share-sql.ts"

/**
 * What a revocation of these shares reaches: `named` is a condition over a share without a name.
 */
export async function findReach(named: Sql): Promise<RevocationReach> {
  const [reach] = await longDb.$queryRaw<RevocationReach[]>`
    WITH chosen AS MATERIALIZED (SELECT id FROM share WHERE ${named}),
    held AS MATERIALIZED (
      SELECT DISTINCT file_id FROM share_file JOIN chosen ON chosen.id = share_file.share_id
      JOIN file ON file.id = file_id WHERE file.deleted_at IS NULL AND file.status = 'ready'
    ),
    granted AS MATERIALIZED (
      SELECT DISTINCT e.share_id, e.file_id FROM chosen JOIN event e ON e.share_id = chosen.id
      WHERE e.kind IN ${rawSql(URL_EVENTS)}
        AND e.at > statement_timestamp() - make_interval(secs => ${LONGEST_LIFETIME_SECONDS}::int)
      UNION SELECT id, NULL FROM chosen WHERE ${rawSql(lostUrlsEnd)} > statement_timestamp()
    )
    SELECT (SELECT count(*) FROM chosen)::int AS shares,
      (SELECT count(*) FROM held)::int AS files,
      (SELECT count(DISTINCT share_id) FROM granted)::int AS "exposedShares",
      (SELECT count(DISTINCT coalesce(granted.file_id, share_file.file_id))
        FROM granted LEFT JOIN share_file
          ON granted.file_id IS NULL AND share_file.share_id = granted.share_id)::int AS "exposedFiles",
      (SELECT count(*) FROM held WHERE EXISTS (
        SELECT FROM share_file JOIN share s ON s.id = share_file.share_id
        WHERE share_file.file_id = held.file_id AND s.id NOT IN (SELECT id FROM chosen)
          AND ${rawSql(hasStatus("s", "open"))}
      ))::int AS "filesElsewhere"`
  if (!reach) throw new Error("An aggregate has a row.")
  return reach
}
