import { dateTimeFormat, relativeTimeFormat } from "#lib/adapters/text/intl-formatters.ts"

export type TimeForm =
  /** Thursday 26 November at 18:00 */
  | "full"
  /** Thu 26 Nov, 18:00 */
  | "short"
  /** 26 Nov 2026 */
  | "date"
  /** 14:03:20 */
  | "clock"
  /** Thursday 26 November */
  | "day"
  /** 18:00 */
  | "time"

const FORMS: Record<TimeForm, Intl.DateTimeFormatOptions> = {
  full: { weekday: "long", day: "numeric", month: "long", hour: "numeric", minute: "2-digit" },
  short: { weekday: "short", day: "numeric", month: "short", hour: "numeric", minute: "2-digit" },
  date: { day: "numeric", month: "short", year: "numeric" },
  clock: { hour: "numeric", minute: "2-digit", second: "2-digit" },
  day: { weekday: "long", day: "numeric", month: "long" },
  time: { hour: "numeric", minute: "2-digit" },
}

export type Reader = { locale: string; timeZone: string }

/** Used until the reader's settings are known: English with the day first, 24 hours, UTC. */
export const ANY_READER: Reader = { locale: "en-GB", timeZone: "UTC" }

/** The default reader of a language, with the locale that most of its readers know. */
export const anyReader = (language: string): Reader =>
  language === "en" ? ANY_READER : { locale: language, timeZone: "UTC" }

/** Formats an instant in the reader's time zone, with the year if `now` has another. */
export function formatTime(at: Date, form: TimeForm, reader: Reader, now: Date | null): string {
  const { locale, timeZone } = reader
  const year = (date: Date) => dateTimeFormat("en", { year: "numeric", timeZone }).format(date)
  const withYear = form !== "clock" && form !== "time" && now !== null && year(at) !== year(now)
  return dateTimeFormat(locale, {
    ...FORMS[form],
    // Two digits in a 24-hour day ("09:05"), one in a 12-hour day ("9:05 AM").
    ...(FORMS[form].hour && { hour: hasTwelveHours(locale) ? "numeric" : "2-digit" }),
    ...(withYear && { year: "numeric" as const }),
    timeZone,
  })
    .format(at)
    .replace(/ (?=[AP]M$)/, "\u00a0") // "PM" never begins a line
}

const twelveHours = new Map<string, boolean>()

function hasTwelveHours(locale: string) {
  const known = twelveHours.get(locale)
  if (known !== undefined) return known
  const has = dateTimeFormat(locale, { hour: "numeric" }).resolvedOptions().hour12 === true
  twelveHours.set(locale, has)
  return has
}

/**
 * The name of a time zone in the reader's language, as Intl has it: "Central European Time", "Nepal
 * Time". Intl translates no cities. In the hour that repeats when the clocks go back it is the
 * offset, because the name does not distinguish the two.
 */
export function zoneName(at: Date, { locale, timeZone }: Reader): string {
  if (/^(Etc\/)?(UTC|UCT|GMT|Zulu|Universal)$/.test(timeZone)) return "UTC"
  const timeZoneName = comesTwice(at, timeZone) ? "shortOffset" : "longGeneric"
  const parts = dateTimeFormat(locale, { timeZone, timeZoneName }).formatToParts(at)
  return parts.find((part) => part.type === "timeZoneName")?.value ?? timeZone
}

/** Clocks go back by an hour, and by half an hour on Lord Howe Island. */
const CLOCK_CHANGES_MS = [3_600_000, 1_800_000]

/** Whether the local time of this instant occurs twice, because the clocks go back. */
function comesTwice(at: Date, timeZone: string): boolean {
  const format = dateTimeFormat("en", {
    day: "numeric",
    hour: "numeric",
    minute: "numeric",
    timeZone,
  })
  const shown = format.format(at)
  return CLOCK_CHANGES_MS.some((change) =>
    [-change, change].some((by) => format.format(at.getTime() + by) === shown),
  )
}

type DurationUnit = "days" | "hours" | "minutes" | "seconds"

/**
 * A duration in at most two units: the largest and the next smaller one, to which it is rounded.
 * Seconds are rounded down, so that 0 is shown only at the end.
 */
export function durationParts(milliseconds: number): { unit: DurationUnit; count: number }[] {
  const exact = Math.max(0, Math.floor(milliseconds / 1000))
  const step = exact >= 86_400 - 30 ? 3_600 : exact >= 3_600 - 30 ? 60 : 1
  const seconds = Math.round(exact / step) * step
  const all: { unit: DurationUnit; count: number }[] = [
    { unit: "days", count: Math.floor(seconds / 86_400) },
    { unit: "hours", count: Math.floor(seconds / 3_600) % 24 },
    { unit: "minutes", count: Math.floor(seconds / 60) % 60 },
    { unit: "seconds", count: seconds % 60 },
  ]
  const first = all.findIndex((part) => part.count > 0)
  if (first === -1) return [{ unit: "seconds", count: 0 }]
  const [largest, next] = all.slice(first, first + 2)
  if (!largest) return []
  // From two weeks on, hours are left out.
  if (!next || next.count === 0 || (largest.unit === "days" && largest.count >= 14)) {
    return [largest]
  }
  return [largest, next]
}

const UNIT_MS: Record<DurationUnit, number> = {
  days: 86_400_000,
  hours: 3_600_000,
  minutes: 60_000,
  seconds: 1_000,
}

/**
 * Formats an instant relative to now in its largest unit: "in 2 days", "3 hours ago", and "now"
 * within a second. The future is rounded, so that a link created for 7 days does not show 6 a
 * second later.
 */
export function formatRelative(at: Date, now: Date, locale: string): string {
  const difference = at.getTime() - now.getTime()
  const [part] = durationParts(Math.abs(difference))
  if (!part?.count) return relativeTimeFormat(locale, { numeric: "auto" }).format(0, "seconds")
  const format = relativeTimeFormat(locale, { numeric: "always" })
  if (difference < 0) return format.format(-part.count, part.unit)
  return format.format(Math.round(difference / UNIT_MS[part.unit]), part.unit)
}
