import { ringFraction } from "#components/ring-fraction.ts"
import type { RingStep } from "#components/ui/ring/ring-slider.tsx"

const HOUR_MS = 3_600_000
const DAY_MS = 24 * HOUR_MS
/** A ring is full at one week (ring-fraction.ts). */
const FULL_MS = 7 * DAY_MS
const LEAST_MS = 15 * 60_000
const RISING: RingStep[] = ["more", "much_more"]

type Bounds = { now: Date; maxShareDays: number | null }

/** Returns the end for a fraction of the ring, rounded to a round time of day. */
export function endAtFraction(fraction: number, { now, maxShareDays }: Bounds): Date {
  const leftMs = fraction * fraction * FULL_MS
  const minutes = leftMs < 6 * HOUR_MS ? 15 : leftMs < 2 * DAY_MS ? 30 : 60
  return bounded(roundTo(new Date(now.getTime() + leftMs), minutes), { now, maxShareDays })
}

/**
 * Returns the next end for a key press: by hours within a day, otherwise by days at the same time
 * of day. The maximum is the longest allowed end, or no end if there is no maximum duration. A
 * share without an end has a full ring; without a maximum duration, steps that would fill it
 * further change nothing.
 */
export function stepEnd(end: Date | null, step: RingStep, bounds: Bounds): Date | null {
  const { now, maxShareDays } = bounds
  const most = new Date(now.getTime() + mostMs(bounds))
  if (step === "most") return maxShareDays === null ? null : most
  const isFull = end === null || end >= most
  if (isFull && maxShareDays === null && RISING.includes(step)) return end
  const from = isFull ? most : end
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
      return new Date(now.getTime() + LEAST_MS)
  }
}

/** Returns the position of an end on its ring, and the ring's minimum and maximum, in hours. */
export function ringOf(end: Date | null, bounds: Bounds) {
  const [min, max] = [inHours(LEAST_MS), inHours(mostMs(bounds))]
  if (end === null) return { min, max, value: max, fraction: 1 }
  const leftMs = end.getTime() - bounds.now.getTime()
  const value = Math.min(max, Math.max(min, inHours(leftMs)))
  return { min, max, value, fraction: ringFraction(leftMs) }
}

/** The longest time that keys set: the maximum duration, or a week, at which a ring is full. */
const mostMs = ({ maxShareDays }: Bounds) =>
  maxShareDays === null ? FULL_MS : maxShareDays * DAY_MS

/** Converts milliseconds to hours, rounded to a quarter. */
const inHours = (ms: number) => Math.round(ms / LEAST_MS) / 4

function bounded(end: Date, bounds: Bounds): Date {
  const leftMs = end.getTime() - bounds.now.getTime()
  return new Date(bounds.now.getTime() + Math.min(mostMs(bounds), Math.max(LEAST_MS, leftMs)))
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
