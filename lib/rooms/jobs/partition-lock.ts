import "server-only"
import { setTimeout as sleep } from "node:timers/promises"
import type { Tx } from "#lib/adapters/database.ts"
import { isLockTimeout } from "#lib/adapters/outages/outage.ts"

const ATTEMPTS = 5
const PAUSE_MS = 1_000
const LOCK = 7_203_541_197

/**
 * Prepares a transaction that adds or drops partitions of `event`. Only one runs at a time, and it
 * waits only briefly for further locks, because clicks queue behind them.
 */
export async function lockEvents(tx: Tx): Promise<void> {
  await tx.$executeRaw`SELECT pg_advisory_xact_lock(${LOCK})`
  await tx.$executeRawUnsafe("SET LOCAL lock_timeout = '300ms'")
}

/** Retries if another session, such as a dump, locks the table. */
export async function retryLocked(change: () => Promise<unknown>): Promise<void> {
  for (let left = ATTEMPTS - 1; ; left--) {
    try {
      await change()
      return
    } catch (error) {
      if (left === 0 || !isLockTimeout(error)) throw error
      await sleep(PAUSE_MS)
    }
  }
}
