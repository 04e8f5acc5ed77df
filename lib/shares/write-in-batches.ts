import "server-only"
import { type Sql, sql } from "#lib/db.ts"

/** Shares written by one transaction, so that none holds a row for long. */
const AT_ONCE = 5_000
const FIRST = "00000000-0000-0000-0000-000000000000"

/**
 * Up to 5,000 shares that one statement is about to write, locked in the order of their ids: two
 * such statements at once wait for each other, and never in a circle. `where` is over a share
 * without a name.
 */
export const lockedShares = (where: Sql) => sql`
  SELECT id AS locked_id, revoked_at IS NULL AS was_open FROM share
  WHERE ${where}
  ORDER BY id
  LIMIT ${AT_ONCE}
  FOR NO KEY UPDATE`

/**
 * Writes any number of shares, a batch after another in the order of their ids. `write` is told which
 * come next, passes that on to `lockedShares`, and returns those it wrote.
 */
export async function inBatches<Written extends { id: string }>(
  where: Sql,
  write: (where: Sql) => Promise<Written[]>,
): Promise<void> {
  let after = FIRST
  for (;;) {
    const written = await write(sql`(${where}) AND id > ${after}::uuid`)
    if (written.length < AT_ONCE) return
    for (const { id } of written) if (id > after) after = id
  }
}
