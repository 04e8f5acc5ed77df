import "server-only"
import { Refusal } from "./errors.ts"

/** What the last look found. */
export type Surroundings = {
  /** How far the clocks of database and store are apart at least; null before the first look. */
  clocksApartMs: number | null
  /** The disk of the data directory; null where nothing is embedded. */
  disk: { freeBytes: number; reserveBytes: number } | null
}

// Next's bundle and natively loaded code are two instances of this module; the process has one
// state.
const held = globalThis as typeof globalThis & { lapseSurroundings?: Surroundings }

/** What the checks of this process found last. They write into it. */
export function surroundings(): Surroundings {
  held.lapseSurroundings ??= { clocksApartMs: null, disk: null }
  return held.lapseSurroundings
}

/** From here on the difference of the clocks is said. */
const SAID_APART_MS = 5_000
const MOST_APART_MS = 30_000

/** Whether the clocks differ by more than measuring and a slow NTP explain. */
export const doClocksDiffer = ({ clocksApartMs }: Pick<Surroundings, "clocksApartMs">) =>
  clocksApartMs !== null && Math.abs(clocksApartMs) > SAID_APART_MS

export const areClocksApart = ({ clocksApartMs } = surroundings()) =>
  clocksApartMs !== null && Math.abs(clocksApartMs) > MOST_APART_MS

/** Whether what is left of the disk is kept for the database: for revoking and deleting. */
export const isDiskFull = ({ disk } = surroundings()) =>
  disk !== null && disk.freeBytes < disk.reserveBytes / 2

/**
 * Refuses a click, before it is counted, that could not be served or would take the last of the
 * disk. Reads the memory of this process alone: a click costs no query more.
 */
export function requireClickable(): void {
  if (areClocksApart()) throw unavailable(`${clocksApartSentence()} Please try again later.`)
  if (isDiskFull()) {
    throw unavailable("The disk of this server is full. Please try again later.")
  }
}

/** How far apart the clocks are, and which is behind, where anything was measured. */
export function clocksApartSentence({ clocksApartMs } = surroundings()): string {
  const seconds = Math.round(Math.abs(clocksApartMs ?? 0) / 1000)
  const behind = (clocksApartMs ?? 0) < 0 ? "bucket" : "database"
  return `The clocks of database and bucket are ${seconds} s apart: that of the ${behind} is behind.`
}

const unavailable = (sentence: string) =>
  new Refusal("unavailable", sentence, { retryAfterSeconds: 30 })
