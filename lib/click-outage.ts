import "server-only"
import { requireRoom } from "./disk-room.ts"
import { refusal } from "./sentences.ts"
import { type Surroundings, surroundings } from "./surroundings.ts"

/** From here on the difference of the clocks is said. */
const SAID_APART_MS = 5_000
const MOST_APART_MS = 30_000

/** Whether the clocks differ by more than measuring and a slow NTP explain. */
export const doClocksDiffer = ({ clocksApartMs }: Pick<Surroundings, "clocksApartMs">) =>
  clocksApartMs !== null && Math.abs(clocksApartMs) > SAID_APART_MS

export const areClocksApart = ({ clocksApartMs } = surroundings()) =>
  clocksApartMs !== null && Math.abs(clocksApartMs) > MOST_APART_MS

/**
 * Refuses a click, before it is counted, that could not be served or would take the last of the
 * disk. Reads the memory of this process alone: a click costs no query more.
 */
export function requireClickable(): void {
  if (areClocksApart()) {
    const { seconds, behind } = difference()
    throw refusal("unavailable", `clocks_${behind}`, { seconds }, { retryAfterSeconds: 30 })
  }
  requireRoom("click")
}

/** How far apart the clocks are, and which is behind, for operators. */
export function clocksApartSentence(found = surroundings()): string {
  const { seconds, behind } = difference(found)
  return `The clocks of database and bucket are ${seconds} s apart: that of the ${behind} is behind.`
}

function difference({ clocksApartMs } = surroundings()) {
  const behind = (clocksApartMs ?? 0) < 0 ? "bucket" : "database"
  return { seconds: Math.round(Math.abs(clocksApartMs ?? 0) / 1000), behind } as const
}
