import "client-only"

const WINDOW_MS = 5_000
const SHORTEST_MS = 500

/** Creates a meter of the rate over five seconds, so that the shown number does not jump. */
export function createRateMeter() {
  let samples: { at: number; bytes: number }[] = []
  return {
    /** Adds a sample: `at` in milliseconds, `bytes` in total so far. */
    add(at: number, bytes: number) {
      const last = samples.at(-1)
      // A new attempt counts from zero again.
      if (last && bytes < last.bytes) samples = []
      samples.push({ at, bytes })
      while (samples.length > 2 && (samples[1]?.at ?? at) < at - WINDOW_MS) samples.shift()
    },
    reset() {
      samples = []
    },
    /** Bytes per second, or null before there is half a second to measure. */
    rate(now: number): number | null {
      const [first] = samples
      const last = samples.at(-1)
      if (!first || !last || now - first.at < SHORTEST_MS) return null
      return Math.round(((last.bytes - first.bytes) * 1_000) / (now - first.at))
    },
  }
}

export type RateMeter = ReturnType<typeof createRateMeter>
