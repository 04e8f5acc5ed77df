const DAY_MS = 86_400_000
/** A ring is full at this remaining time or more. */
const FULL_MS = 7 * DAY_MS

/**
 * The filled fraction of a ring, 0 to 1, for the remaining time. The scale is the same for every
 * share, so that the last hours look urgent regardless of its lifetime. A day fills a good third,
 * an hour very little.
 */
export const ringFraction = (leftMs: number) =>
  Math.sqrt(Math.min(1, Math.max(0, leftMs / FULL_MS)))

/** Whether a link is in its last day, when its remaining time is shown first. */
export const isLastDay = (leftMs: number) => leftMs <= DAY_MS
