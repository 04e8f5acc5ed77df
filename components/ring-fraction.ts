/** A ring is full while so much is left. */
const FULL_MS = 7 * 86_400_000

/**
 * How much of a ring the time that is left fills, 0 to 1: the same for every share, so that its last
 * hours look urgent however long it was open. A day is a good third, an hour a sliver.
 */
export const ringFraction = (leftMs: number) =>
  Math.sqrt(Math.min(1, Math.max(0, leftMs / FULL_MS)))
