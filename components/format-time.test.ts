import { describe, expect, test } from "vitest"
import { ANY_READER, durationParts, formatRelative, formatTime, zoneName } from "./format-time.ts"

const at = new Date("2026-11-26T17:00:00Z")
const now = new Date("2026-11-24T10:00:00Z")
const stockholm = { locale: "en-GB", timeZone: "Europe/Stockholm" }

describe("a time", () => {
  test("is in the reader's zone and format", () => {
    expect(formatTime(at, "full", ANY_READER, now)).toBe("Thursday 26 November at 17:00")
    expect(formatTime(at, "full", stockholm, now)).toBe("Thursday 26 November at 18:00")
    expect(formatTime(at, "short", { ...stockholm, locale: "en-US" }, now)).toMatch(/, 6:00\sPM/)
    const early = new Date("2026-11-26T08:05:00Z")
    expect(formatTime(early, "short", stockholm, now)).toBe("Thu 26 Nov, 09:05")
    expect(formatTime(at, "clock", stockholm, now)).toBe("18:00:00")
  })

  test("names the year only when it is another one", () => {
    const later = new Date("2027-01-02T10:00:00Z")
    expect(formatTime(later, "full", stockholm, now)).toContain("2027")
    expect(formatTime(at, "full", stockholm, now)).not.toContain("2026")
  })
})

test.each([
  ["Europe/Stockholm", { place: "Stockholm" }],
  ["America/Argentina/Buenos_Aires", { place: "Buenos Aires" }],
  ["UTC", { name: "UTC" }],
  ["Etc/UTC", { name: "UTC" }],
  ["Etc/GMT+5", { name: "GMT-5" }],
])("the zone %s has a name people know", (timeZone, name) => {
  expect(zoneName(at, { locale: "en-GB", timeZone })).toEqual(name)
})

describe("time left", () => {
  const hour = 3_600_000
  const format = (milliseconds: number) =>
    durationParts(milliseconds)
      .map(({ unit, count }) => `${count} ${unit}`)
      .join(" ")

  test("has at most two units", () => {
    expect(format(55 * hour)).toBe("2 days 7 hours")
    expect(format(48 * hour)).toBe("2 days")
    expect(format(29 * 24 * hour + hour)).toBe("29 days")
    expect(format(7.2 * hour)).toBe("7 hours 12 minutes")
    expect(format(61_000)).toBe("1 minutes 1 seconds")
    expect(format(9_900)).toBe("9 seconds")
  })

  test("is never less than nothing", () => {
    expect(format(-5)).toBe("0 seconds")
  })
})

test("a moment is relative to now", () => {
  expect(formatRelative(at, now, "en")).toBe("in 2 days")
  expect(formatRelative(now, at, "en")).toBe("2 days ago")
  expect(formatRelative(new Date(now.getTime() + 7 * 86_400_000 - 1), now, "en")).toBe("in 7 days")
  expect(formatRelative(now, new Date(now.getTime() + 3 * 3_600_000), "en")).toBe("3 hours ago")
  for (const apart of [-999, -1, 0, 1, 999]) {
    expect(formatRelative(new Date(now.getTime() + apart), now, "en")).toBe("now")
  }
})
