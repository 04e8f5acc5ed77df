import "client-only"

const FIRST_MS = 1_000
const LONGEST_MS = 30_000

/** How long to wait after the nth failure in a row (from 1): doubling, at most 30 s, with jitter so that many tabs do not return at once. */
export function backoffMs(failures: number, random = Math.random): number {
  const ceiling = Math.min(LONGEST_MS, FIRST_MS * 2 ** (failures - 1))
  return Math.round(ceiling / 2 + (random() * ceiling) / 2)
}
