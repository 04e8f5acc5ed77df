import "server-only"
import { hasClockJumped } from "#lib/host/clock-jumps.ts"
import { compareClocks } from "#lib/host/clocks.ts"
import { areClocksApart, clockDifference } from "#lib/host/clocks-apart.ts"
import { requireRoom } from "#lib/host/disk-room.ts"
import { refusal } from "#lib/text/sentences.ts"

/**
 * Refuses a click, before it is counted, that could not be served or would take the last of the
 * disk. Reads the memory of this process alone, so that a click costs no query more; only where a
 * clock was seen to jump the clocks are compared first.
 */
export async function requireClickable(): Promise<void> {
  if (hasClockJumped()) await compareClocks().catch(() => {}) // what was found before holds
  if (areClocksApart()) {
    const { seconds, behind } = clockDifference()
    throw refusal("unavailable", `clocks_${behind}`, { seconds }, { retryAfterSeconds: 30 })
  }
  requireRoom("click")
}
