import { describe, expect, it } from "vitest"
import { DAY } from "#testing/units.ts"
import { chartTimes, isTimeZone, rangeOfAge } from "./chart-range.ts"

const QUARTER = 900_000
const ZONES = [
  "UTC",
  "Europe/Berlin",
  "America/St_Johns",
  "Asia/Kathmandu",
  "Australia/Lord_Howe",
  "Pacific/Kiritimati",
  "Pacific/Pago_Pago",
  "Africa/Casablanca",
]

describe("the days of a chart", () => {
  it.each(ZONES)(
    "are those of %s, however long, and contain each quarter of an hour once",
    (zone) => {
      const now = new Date("2026-11-26T13:20:00Z")
      const { bars, barOf, since } = chartTimes("quarter", zone, now)
      expect(bars).toHaveLength(90)
      const quarters = Array(90).fill(0)
      const days = new Intl.DateTimeFormat("sv", { timeZone: zone })
      for (let at = since.getTime(); at <= now.getTime(); at += QUARTER) {
        const bar = barOf(at) ?? Number.NaN
        quarters[bar] += 1
        // Only a wrong bar calls expect, because 8,640 calls of it take long.
        if (bars[bar]?.key !== days.format(at)) expect(bars[bar]?.key).toBe(days.format(at))
      }
      // In some zones a whole UTC hour begins up to 45 minutes into the first day.
      expect(quarters[0]).toBeGreaterThanOrEqual(93)
      expect(barOf(since.getTime() - 4 * QUARTER)).toBeUndefined()
      expect(barOf(now.getTime() + DAY)).toBeUndefined()
      const rest = new Set(quarters.slice(1, -1))
      const clocksChange = ["Europe/Berlin", "America/St_Johns", "Africa/Casablanca"].includes(zone)
      if (clocksChange)
        expect(rest).toEqual(new Set([96, 100])) // an hour occurs twice
      else if (zone === "Australia/Lord_Howe") expect(rest).toEqual(new Set([96, 94]))
      else expect(rest).toEqual(new Set([96]))
    },
  )

  it("begin and end with today in the zone", () => {
    const now = new Date("2026-11-26T18:30:00Z")
    expect(chartTimes("month", "Asia/Kathmandu", now).bars.at(-1)?.key).toBe("2026-11-27")
    expect(chartTimes("month", "UTC", now).bars.at(-1)?.key).toBe("2026-11-26")
    expect(chartTimes("month", "UTC", now).bars[0]?.key).toBe("2026-10-28")
  })
})

describe("the hours of a chart", () => {
  it.each([
    ["UTC", "2026-11-26T13:00:00.000Z"],
    ["Asia/Kathmandu", "2026-11-26T13:15:00.000Z"],
    ["Asia/Kolkata", "2026-11-26T12:30:00.000Z"],
  ])("begin with those of %s", (zone, current) => {
    const { bars, barOf } = chartTimes("day", zone, new Date("2026-11-26T13:20:59Z"))
    expect(bars).toHaveLength(24)
    expect(bars.at(-1)?.key).toBe(current)
    expect(barOf(Date.parse(current))).toBe(23)
    expect(barOf(Date.parse(current) - QUARTER)).toBe(22)
    expect(barOf(Date.parse(current) - 24 * 4 * QUARTER)).toBeUndefined()
  })
})

it("knows zones, and chooses the range that shows most of a share", () => {
  expect(["Europe/Berlin", "UTC", "Nowhere/Town", "", "x".repeat(500)].map(isTimeZone)).toEqual([
    ...[true, true],
    ...[false, false, false],
  ])
  expect([0, 2, 31].map((days) => rangeOfAge(days * DAY))).toEqual(["day", "month", "quarter"])
})
