import { dateTimeFormat } from "#lib/adapters/text/intl-formatters.ts"

export const CHART_RANGES = ["day", "month", "quarter"] as const
export type ChartRange = (typeof CHART_RANGES)[number]

const HOURS = 24
const DAYS = { month: 30, quarter: 90 } as const
const QUARTER_MS = 900_000
const HOUR_MS = 3_600_000
const DAY_MS = 86_400_000

type Bar = {
  /** A day such as "2026-11-26", or the instant at which the hour begins. */
  key: string
  at: Date
}

export type ChartTimes = {
  step: "hour" | "day"
  bars: Bar[]
  /** The start of the first UTC hour of the chart. */
  since: Date
  /** Returns the index of the bar for a quarter of an hour; undefined outside of the chart. */
  barOf(at: number): number | undefined
}

export function isTimeZone(name: string): boolean {
  try {
    return new Intl.DateTimeFormat("en", { timeZone: name }).format() !== ""
  } catch {
    return false
  }
}

/** The range that shows most of a share of this age. */
export const rangeOfAge = (ageMs: number): ChartRange =>
  ageMs < 1.5 * DAY_MS ? "day" : ageMs < DAYS.month * DAY_MS ? "month" : "quarter"

/**
 * Returns the hours or days of a chart up to now, in a time zone. Days have the length that they
 * have in that zone. Every zone's offset from UTC is a multiple of a quarter of an hour.
 */
export function chartTimes(range: ChartRange, timeZone: string, now: Date): ChartTimes {
  return range === "day" ? lastHours(timeZone, now) : lastDays(DAYS[range], timeZone, now)
}

function lastHours(timeZone: string, now: Date): ChartTimes {
  const minute = Number(dateTimeFormat("en", { minute: "numeric", timeZone }).format(now))
  const current = Math.floor(now.getTime() / 60_000) * 60_000 - minute * 60_000
  const first = current - (HOURS - 1) * HOUR_MS
  const bars = Array.from({ length: HOURS }, (_, index) => new Date(first + index * HOUR_MS))
  return {
    step: "hour",
    bars: bars.map((at) => ({ key: at.toISOString(), at })),
    since: hourFrom(first),
    barOf: (at) => {
      const index = Math.floor((at - first) / HOUR_MS)
      return index >= 0 && index < HOURS ? index : undefined
    },
  }
}

function lastDays(count: number, timeZone: string, now: Date): ChartTimes {
  const format = dateTimeFormat("en-CA", {
    year: "numeric",
    month: "2-digit",
    day: "2-digit",
    timeZone,
  })
  const dayOf = (at: number | Date) => format.format(at)
  const today = Date.parse(`${dayOf(now)}T00:00:00Z`)
  const bars = Array.from({ length: count }, (_, index) => {
    const at = new Date(today - (count - 1 - index) * DAY_MS) // a calendar day, in any zone
    return { key: at.toISOString().slice(0, 10), at }
  })
  const places = new Map(bars.map(({ key }, index) => [key, index]))
  const firstDay = bars[0]?.key ?? ""
  let first = today - (count - 1) * DAY_MS - DAY_MS
  while (dayOf(first) < firstDay) first += QUARTER_MS
  return {
    step: "day",
    bars,
    since: hourFrom(first),
    barOf: (at) => places.get(dayOf(at)),
  }
}

const hourFrom = (at: number) => new Date(Math.ceil(at / HOUR_MS) * HOUR_MS)
