import "server-only"
import { batchByBatch } from "#lib/database/batch-by-batch.ts"
import { type Sql, sql } from "#lib/db.ts"

const LOWEST_ID = "00000000-0000-0000-0000-000000000000"

/**
 * Selects and locks the shares that one statement is about to write, in the order of their ids, so
 * that two such statements never deadlock. `where` is a condition whose columns have no table name.
 */
export const lockedShares = (where: Sql, limit: number) => sql`
  SELECT id AS locked_id, revoked_at IS NULL AS was_open FROM share
  WHERE ${where}
  ORDER BY id
  LIMIT ${limit}
  FOR NO KEY UPDATE`

/**
 * Writes any number of shares, batch after batch in the order of their ids. `write` passes the
 * condition and the size of its batch to `lockedShares` and returns the shares it wrote. Returns how
 * many they were.
 */
export async function inBatches<Written extends { id: string }>(
  where: Sql,
  write: (where: Sql, limit: number) => Promise<Written[]>,
): Promise<number> {
  let after = LOWEST_ID
  let count = 0
  await batchByBatch(async (limit) => {
    const written = await write(sql`(${where}) AND id > ${after}::uuid`, limit)
    for (const { id } of written) if (id > after) after = id
    count += written.length
    return written.length === limit ? "more" : "done"
  })
  return count
}
