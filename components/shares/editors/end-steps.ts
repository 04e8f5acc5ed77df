import type { RingStep } from "#components/ui/ring/ring-slider.tsx"

const HOUR_MS = 3_600_000
const DAY_MS = 24 * HOUR_MS
/** A ring is full at one week (ring-fraction.ts). */
const FULL_MS = 7 * DAY_MS
const LEAST_MS = 15 * 60_000

type Bounds = { now: Date; maxShareDays: number | null }

/** The end that a ring of this fraction represents, rounded to a round time of day. */
export function endAtFraction(fraction: number, { now, maxShareDays }: Bounds): Date {
  const leftMs = fraction * fraction * FULL_MS
  const minutes = leftMs < 6 * HOUR_MS ? 15 : leftMs < 2 * DAY_MS ? 30 : 60
  return bounded(roundTo(new Date(now.getTime() + leftMs), minutes), { now, maxShareDays })
}

/** The next end for a key press: by hours within a day, else by days at the same time of day. */
export function stepEnd(end: Date | null, step: RingStep, bounds: Bounds): Date {
  const { now } = bounds
  const from = end ?? new Date(now.getTime() + FULL_MS)
  const leftMs = from.getTime() - now.getTime()
  switch (step) {
    case "more":
      return bounded(leftMs < DAY_MS ? hours(from, 1) : days(from, 1), bounds)
    case "less":
      return bounded(leftMs <= DAY_MS + HOUR_MS / 2 ? hours(from, -1) : days(from, -1), bounds)
    case "much_more":
      return bounded(days(from, 7), bounds)
    case "much_less":
      return bounded(days(from, -7), bounds)
    case "least":
      return bounded(hours(now, 1), bounds)
    case "most":
      return bounded(new Date(now.getTime() + FULL_MS), bounds)
  }
}

function bounded(end: Date, { now, maxShareDays }: Bounds): Date {
  const least = now.getTime() + LEAST_MS
  const most = maxShareDays === null ? Infinity : now.getTime() + maxShareDays * DAY_MS
  return new Date(Math.min(most, Math.max(least, end.getTime())))
}

/** Rounds to a multiple of `minutes` in the local time zone. */
function roundTo(at: Date, minutes: number): Date {
  const rounded = new Date(at)
  rounded.setMinutes(Math.round(at.getMinutes() / minutes) * minutes, 0, 0)
  return rounded
}

const hours = (at: Date, count: number) => new Date(at.getTime() + count * HOUR_MS)

function days(at: Date, count: number): Date {
  const moved = new Date(at)
  moved.setDate(at.getDate() + count)
  return moved
}
