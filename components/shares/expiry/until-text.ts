import { formatTime, type Reader } from "#components/time/format-time.ts"
import { dateTimeFormat } from "#lib/adapters/text/intl-formatters.ts"

const DAY_MS = 86_400_000

/**
 * Formats a future instant as briefly as possible: "18:00" today, "Friday 18:00" within a week,
 * otherwise "Fri 4 Dec, 18:00", with the year if it is not this one.
 */
export function untilText(at: Date, now: Date, reader: Reader): string {
  const time = formatTime(at, "time", reader, null)
  const { timeZone } = reader
  const day = (date: Date) => dateTimeFormat("en-CA", { dateStyle: "short", timeZone }).format(date)
  if (day(at) === day(now)) return time
  const left = at.getTime() - now.getTime()
  if (left > 0 && left < 6 * DAY_MS) {
    const weekday = dateTimeFormat(reader.locale, { weekday: "long", timeZone }).format(at)
    return `${weekday} ${time}`
  }
  return formatTime(at, "short", reader, now)
}
