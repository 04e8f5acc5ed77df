import "client-only"

const MIB = 1024 ** 2
/** Ranges that are fetched at the same time. */
const RANGES_AT_ONCE = 4
const LARGEST_RANGE = 8 * MIB
const SMALLEST_RANGE = MIB
/** A range that takes less is doubled, one that takes more is halved. */
const SHORT_MS = 2_000
const LONG_MS = 15_000
/** After so many ranges without a complaint of the store there may be one more at a time. */
const QUIET_RANGES = 8

/**
 * How many ranges at once, and how large: fewer when the store asks to slow down, smaller on a slow
 * line.
 */
export function createPace(atOnce = RANGES_AT_ONCE) {
  let limit = atOnce
  let bytes = LARGEST_RANGE
  let quiet = 0
  return {
    limit: () => limit,
    rangeBytes: () => bytes,
    /** How far ahead of the first missing byte a range may end: one may wait for a slow one. */
    windowBytes: (atOnce + 1) * LARGEST_RANGE,
    ended(milliseconds: number) {
      if (milliseconds < SHORT_MS) bytes = Math.min(LARGEST_RANGE, bytes * 2)
      if (milliseconds > LONG_MS) bytes = Math.max(SMALLEST_RANGE, bytes / 2)
      quiet += 1
      if (quiet < QUIET_RANGES) return
      quiet = 0
      limit = Math.min(atOnce, limit + 1)
    },
    slowDown() {
      quiet = 0
      limit = Math.max(1, limit >> 1)
    },
  }
}
