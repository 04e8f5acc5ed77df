import "client-only"

const FIRST_MS = 1_000
const LONGEST_MS = 30_000

/**
 * Returns the milliseconds to wait after the nth failure in a row, counted from 1. The wait doubles
 * up to 30 s, with jitter so that many tabs do not return at once.
 */
export function backoffMs(failures: number, random = Math.random): number {
  return jittered(Math.min(LONGEST_MS, FIRST_MS * 2 ** (failures - 1)), random)
}

/** Returns a random time between half of the ceiling and all of it. */
export const jittered = (ceiling: number, random: () => number) =>
  Math.round(ceiling / 2 + (random() * ceiling) / 2)
