import { describe, expect, test } from "vitest"
import { DAY, HOUR } from "#testing/units.ts"
import { ANY_READER, durationParts, formatRelative, formatTime, zoneName } from "./format-time.ts"

const at = new Date("2026-11-26T17:00:00Z")
const now = new Date("2026-11-24T10:00:00Z")
const stockholm = { locale: "en-GB", timeZone: "Europe/Stockholm" }

describe("a time", () => {
  test("is in the reader's time zone and format", () => {
    expect(formatTime(at, "full", ANY_READER, now)).toBe("Thursday 26 November at 17:00")
    expect(formatTime(at, "full", stockholm, now)).toBe("Thursday 26 November at 18:00")
    expect(formatTime(at, "short", { ...stockholm, locale: "en-US" }, now)).toMatch(/, 6:00\sPM/)
    const early = new Date("2026-11-26T08:05:00Z")
    expect(formatTime(early, "short", stockholm, now)).toBe("Thu 26 Nov, 09:05")
    expect(formatTime(at, "clock", stockholm, now)).toBe("18:00:00")
  })

  test("contains the year only if it differs", () => {
    const later = new Date("2027-01-02T10:00:00Z")
    expect(formatTime(later, "full", stockholm, now)).toContain("2027")
    expect(formatTime(at, "full", stockholm, now)).not.toContain("2026")
  })
})

test.each([
  ["Europe/Stockholm", "en-GB", "Central European Time"],
  ["Europe/Copenhagen", "de", "Mitteleuropäische Zeit"],
  ["America/New_York", "fr", "heure de l’Est nord-américain"],
  ["Asia/Calcutta", "en-GB", "India Standard Time"],
  ["Asia/Kathmandu", "ja", "ネパール時間"],
  ["UTC", "en-GB", "UTC"],
  ["Etc/UTC", "de", "UTC"],
  ["Etc/GMT+5", "en-GB", "GMT-05:00"],
])("the zone %s has a name in the language of the reader, here %s", (timeZone, locale, name) => {
  expect(zoneName(at, { locale, timeZone })).toBe(name)
})

// Each row: a time zone, an instant, the local time, and the zone's name.
const CLOCK_CHANGES: [timeZone: string, at: string, time: string, name: string][] = [
  ["Europe/Berlin", "2027-03-28T00:59:59Z", "Sunday 28 March at 01:59", "Central European Time"],
  ["Europe/Berlin", "2027-03-28T01:00:00Z", "Sunday 28 March at 03:00", "Central European Time"],
  ["Europe/Berlin", "2027-10-30T23:59:59Z", "Sunday 31 October at 01:59", "Central European Time"],
  ["Europe/Berlin", "2027-10-31T00:00:00Z", "Sunday 31 October at 02:00", "GMT+2"],
  ["Europe/Berlin", "2027-10-31T00:59:59Z", "Sunday 31 October at 02:59", "GMT+2"],
  ["Europe/Berlin", "2027-10-31T01:00:00Z", "Sunday 31 October at 02:00", "GMT+1"],
  ["Europe/Berlin", "2027-10-31T02:00:00Z", "Sunday 31 October at 03:00", "Central European Time"],
  ["America/New_York", "2027-03-14T06:59:59Z", "Sunday 14 March at 01:59", "Eastern Time"],
  ["America/New_York", "2027-03-14T07:00:00Z", "Sunday 14 March at 03:00", "Eastern Time"],
  ["America/New_York", "2027-11-07T05:30:00Z", "Sunday 7 November at 01:30", "GMT-4"],
  ["America/New_York", "2027-11-07T06:30:00Z", "Sunday 7 November at 01:30", "GMT-5"],
  ["America/New_York", "2027-11-07T07:00:00Z", "Sunday 7 November at 02:00", "Eastern Time"],
  // A zone with a half-hour offset, one whose clocks change by half an hour, and one whose clocks
  // never change.
  ["America/St_Johns", "2027-03-14T05:30:00Z", "Sunday 14 March at 03:00", "Newfoundland Time"],
  ["America/St_Johns", "2027-11-07T03:45:00Z", "Sunday 7 November at 01:15", "GMT-2:30"],
  ["America/St_Johns", "2027-11-07T04:45:00Z", "Sunday 7 November at 01:15", "GMT-3:30"],
  ["Australia/Lord_Howe", "2027-04-03T14:45:00Z", "Sunday 4 April at 01:45", "GMT+11"],
  ["Australia/Lord_Howe", "2027-04-03T15:15:00Z", "Sunday 4 April at 01:45", "GMT+10:30"],
  ["Australia/Lord_Howe", "2027-10-02T15:30:00Z", "Sunday 3 October at 02:30", "Lord Howe Time"],
  ["Asia/Kolkata", "2027-03-28T00:59:59Z", "Sunday 28 March at 06:29", "India Standard Time"],
  ["Asia/Kolkata", "2027-10-31T01:00:00Z", "Sunday 31 October at 06:30", "India Standard Time"],
  ["UTC", "2027-10-31T01:00:00Z", "Sunday 31 October at 01:00", "UTC"],
]

describe("where the clocks change", () => {
  test.each(CLOCK_CHANGES)("in %s, %s is shown as %s (%s)", (timeZone, at, time, name) => {
    const reader = { locale: "en-GB", timeZone }
    const moment = new Date(at)
    expect(formatTime(moment, "full", reader, moment)).toBe(time)
    expect(zoneName(moment, reader)).toBe(name)
  })

  test("no two moments of a year have the same text", () => {
    for (const timeZone of new Set(CLOCK_CHANGES.map(([zone]) => zone))) {
      const reader = { locale: "en-GB", timeZone }
      const first = Date.UTC(2027, 0, 1)
      const texts = Array.from({ length: 365 * 48 }, (_, at) => {
        const moment = new Date(first + at * 1_800_000)
        return `${formatTime(moment, "full", reader, null)}, ${zoneName(moment, reader)}`
      })
      expect(new Set(texts).size, timeZone).toBe(texts.length)
    }
  })

  test("the time left counts elapsed hours across a clock change", () => {
    const before = new Date("2027-10-30T12:00:00+02:00")
    const after = new Date("2027-10-31T12:00:00+01:00")
    expect(durationParts(after.getTime() - before.getTime())).toEqual([
      { unit: "days", count: 1 },
      { unit: "hours", count: 1 },
    ])
  })
})

describe("time left", () => {
  const format = (milliseconds: number) =>
    durationParts(milliseconds)
      .map(({ unit, count }) => `${count} ${unit}`)
      .join(" ")

  test("has at most two units", () => {
    expect(format(55 * HOUR)).toBe("2 days 7 hours")
    expect(format(48 * HOUR)).toBe("2 days")
    expect(format(29 * 24 * HOUR + HOUR)).toBe("29 days")
    expect(format(7.2 * HOUR)).toBe("7 hours 12 minutes")
    expect(format(61_000)).toBe("1 minutes 1 seconds")
    expect(format(9_900)).toBe("9 seconds")
  })

  test("is never negative", () => {
    expect(format(-5)).toBe("0 seconds")
  })
})

test("a moment is relative to now", () => {
  expect(formatRelative(at, now, "en")).toBe("in 2 days")
  expect(formatRelative(now, at, "en")).toBe("2 days ago")
  expect(formatRelative(new Date(now.getTime() + 7 * DAY - 1), now, "en")).toBe("in 7 days")
  expect(formatRelative(now, new Date(now.getTime() + 3 * HOUR), "en")).toBe("3 hours ago")
  for (const apart of [-999, -1, 0, 1, 999]) {
    expect(formatRelative(new Date(now.getTime() + apart), now, "en")).toBe("now")
  }
})
