import "client-only"

const WINDOW_MS = 5_000

/** Measures a rate over the last five seconds, so that a number on the page neither jumps nor lies for long. */
export function createMeter() {
  let samples: { at: number; bytes: number }[] = []
  return {
    add(at: number, bytes: number) {
      const last = samples.at(-1)
      // A new attempt begins at zero again.
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
      if (!first || !last || now - first.at < 500) return null
      return Math.round(((last.bytes - first.bytes) * 1_000) / (now - first.at))
    },
  }
}
