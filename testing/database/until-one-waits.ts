import { expect, vi } from "vitest"
import { db, type Tx } from "#lib/adapters/database.ts"

/**
 * Waits until one statement waits for a lock. Uses a separate connection, because within a
 * transaction pg_stat_activity stays the same.
 */
export const untilOneWaits = () => vi.waitFor(expectOneToWait, { timeout: 4_000, interval: 10 })

async function expectOneToWait() {
  const [row] = await db.$queryRaw<{ waiting: bigint }[]>`
    SELECT count(*) AS waiting FROM pg_stat_activity
    WHERE wait_event_type = 'Lock' AND datname = current_database()`
  expect(row?.waiting).toBe(1n)
}

/** Commits a change once something else has begun to wait for it, and returns what that returns. */
export async function changedWhile<Result>(
  change: (tx: Tx) => Promise<unknown>,
  meanwhile: () => Promise<Result>,
): Promise<Result> {
  const { waiting } = await db.$transaction(async (tx) => {
    await change(tx)
    const waiting = meanwhile()
    await untilOneWaits()
    return { waiting }
  })
  return waiting
}
