import "client-only"

const MIB = 1024 ** 2
/** The number of ranges fetched at the same time. */
const RANGES_AT_ONCE = 4
const LARGEST_RANGE = 8 * MIB
const SMALLEST_RANGE = MIB
/** Ranges that take less time are doubled, and ranges that take longer than LONG_MS are halved. */
const SHORT_MS = 2_000
const LONG_MS = 15_000
/** After this number of ranges without a request to slow down, one more range may run at a time. */
const QUIET_RANGES = 8

/** Decides how many ranges run and how large: fewer for a busy store, smaller on a slow line. */
export function createPace(atOnce = RANGES_AT_ONCE) {
  let limit = atOnce
  let bytes = LARGEST_RANGE
  let quiet = 0
  return {
    limit: () => limit,
    rangeBytes: () => bytes,
    /** How far a range may end ahead of the first missing byte, to pass a slow range. */
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
