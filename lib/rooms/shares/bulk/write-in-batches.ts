import "server-only"
import { batchesById } from "#lib/adapters/database/batch-by-batch.ts"
import { type Sql, sql } from "#lib/adapters/database.ts"

export const idsOf = (shares: { id: string }[]) => shares.map(({ id }) => id)

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
 * condition and the size of its batch to `lockedShares`, and returns the shares it wrote. Returns
 * the total number written.
 */
export async function inBatches<Written extends { id: string }>(
  where: Sql,
  write: (where: Sql, limit: number) => Promise<Written[]>,
): Promise<number> {
  let count = 0
  await batchesById(async (after, limit) => {
    const ids = idsOf(await write(sql`(${where}) AND id > ${after}::uuid`, limit)).sort()
    count += ids.length
    return { last: ids.at(-1), count: ids.length }
  })
  return count
}
