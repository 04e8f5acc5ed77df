import "server-only"
import { DEFAULT_LOCALE } from "#lib/adapters/text/languages.ts"
import { say, splitSentences } from "#lib/adapters/text/sentences.ts"
import { type HostState, hostState } from "./host-state.ts"

/** Differences of the clocks are reported from this many milliseconds on. */
const REPORTED_APART_MS = 5_000
/** Clicks are served while the clocks differ by at most this many milliseconds. */
export const MOST_APART_MS = 30_000

type Found = Pick<HostState, "clocksApartMs">

/** Whether the clocks differ by more than imprecise measurements and slow NTP explain. */
export const doClocksDiffer = ({ clocksApartMs }: Found) =>
  clocksApartMs !== null && Math.abs(clocksApartMs) > REPORTED_APART_MS

/** Whether the store would refuse the URLs of clicks, or accept them for too long. */
export function areClocksApart() {
  const { clocksApartMs } = hostState()
  return clocksApartMs !== null && Math.abs(clocksApartMs) > MOST_APART_MS
}

/** Returns a sentence for operators about how far apart the clocks are, and which is behind. */
export function clocksApartSentence(locale = DEFAULT_LOCALE): string {
  const { seconds, behind } = clockDifference()
  return splitSentences(say(`clocks_${behind}`, { seconds }, locale)).title
}

export function clockDifference() {
  const apartMs = hostState().clocksApartMs ?? 0
  const behind = apartMs < 0 ? "bucket" : "database"
  return { seconds: Math.round(Math.abs(apartMs) / 1000), behind } as const
}
