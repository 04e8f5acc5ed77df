import { expect, vi } from "vitest"
import { db } from "#lib/adapters/database.ts"

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
