import "server-only"
import { type Sql, sql, type Tx } from "#lib/adapters/database.ts"

/** SQL: a file that shares still show: deleted files are hidden, abandoned uploads shown. */
export const stillShown = sql`(file.deleted_at IS NULL OR file.status = 'abandoned')`

/**
 * Stores the name of the first file for shares without a title, which are named by it; a share
 * without files keeps its last name. Call it when the files of shares or the names of files change.
 * `which` is a condition on a share s.
 */
export async function nameShares(tx: Tx, which: Sql): Promise<void> {
  // Locks in the order of the ids, so that two such statements never deadlock.
  await tx.$executeRaw`
    WITH chosen AS MATERIALIZED (
      SELECT s.id FROM share s WHERE s.title = '' AND ${which} ORDER BY s.id FOR NO KEY UPDATE
    ), named AS (
      SELECT chosen.id, first.name FROM chosen CROSS JOIN LATERAL (
        SELECT file.name FROM share_file JOIN file ON file.id = share_file.file_id
        WHERE share_file.share_id = chosen.id AND share_file.removed_at IS NULL AND ${stillShown}
        ORDER BY share_file.position LIMIT 1
      ) AS first
    )
    UPDATE share SET first_name = named.name FROM named
    WHERE share.id = named.id AND share.first_name <> named.name`
}

/** Updates the stored name of shares that are listed under files which had these names. */
export const nameSharesOf = (tx: Tx, files: { id: string; name: string }[]): Promise<void> => {
  const [ids, names] = [files.map(({ id }) => id), files.map(({ name }) => name)]
  return nameShares(
    tx,
    sql`s.first_name = ANY(${names}) AND s.id IN (
      SELECT share_file.share_id FROM share_file
      WHERE share_file.file_id = ANY(${ids}::uuid[]) AND share_file.removed_at IS NULL)`,
  )
}
