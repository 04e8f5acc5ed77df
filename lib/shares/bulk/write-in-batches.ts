import "server-only"
import { type Sql, sql } from "#lib/db.ts"

/** The number of rows that one transaction writes at most, so that it locks no row for long. */
export const BATCH_SIZE = 5_000
const LOWEST_ID = "00000000-0000-0000-0000-000000000000"

/**
 * Selects and locks up to 5,000 shares that one statement is about to write, in the order of their
 * ids, so that two such statements never deadlock. `where` is a condition whose columns have no
 * table name.
 */
export const lockedShares = (where: Sql, limit = BATCH_SIZE) => sql`
  SELECT id AS locked_id, revoked_at IS NULL AS was_open FROM share
  WHERE ${where}
  ORDER BY id
  LIMIT ${limit}
  FOR NO KEY UPDATE`

/**
 * Writes any number of shares, batch after batch in the order of their ids. `write` passes the
 * condition of its batch to `lockedShares` and returns the shares it wrote.
 */
export async function inBatches<Written extends { id: string }>(
  where: Sql,
  write: (where: Sql) => Promise<Written[]>,
): Promise<void> {
  let after = LOWEST_ID
  for (;;) {
    const written = await write(sql`(${where}) AND id > ${after}::uuid`)
    if (written.length < BATCH_SIZE) return
    for (const { id } of written) if (id > after) after = id
  }
}
