import "server-only"
import { hasClockJumped } from "#lib/adapters/host/clock-jumps.ts"
import { areClocksApart, clockDifference } from "#lib/adapters/host/clocks-apart.ts"
import { requireRoom } from "#lib/adapters/host/disk-room.ts"
import { refusal } from "#lib/adapters/text/sentences.ts"
import { compareClocks } from "#lib/adapters/watch/compare-clocks.ts"

/**
 * Refuses a click before it is counted if it could not be served, or would use the last free space
 * on the disk. It reads only this process's memory, so that a click needs no further query. Only if
 * a clock has jumped, it first compares the clocks.
 */
export async function requireClickable(): Promise<void> {
  if (hasClockJumped()) await compareClocks().catch(() => {}) // the earlier result is used
  if (areClocksApart()) {
    const { seconds, behind } = clockDifference()
    throw refusal("unavailable", `clocks_${behind}`, { seconds }, { retryAfterSeconds: 30 })
  }
  requireRoom("click")
}
