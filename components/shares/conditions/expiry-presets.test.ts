import { afterEach, describe, expect, it } from "vitest"
import { allowedExpiries, expiryOf, isExpiryPreset } from "./expiry-presets.ts"

it("offers never, and every preset, if there is no maximum", () => {
  expect(allowedExpiries(null)).toEqual(["hour", "day", "week", "month", "never"])
})

it.each([
  [1, ["hour", "day"]],
  [7, ["hour", "day", "week"]],
  [29, ["hour", "day", "week"]],
])("offers nothing longer than %i days where that is the most", (days, presets) => {
  expect(allowedExpiries(days)).toEqual(presets)
})

describe("a preset", () => {
  const { TZ } = process.env
  afterEach(() => {
    process.env.TZ = TZ
  })

  it.each([
    ["the clocks go back", "2026-10-24T12:30:00+02:00", "2026-10-31T12:30:00+01:00"],
    ["the clocks go forward", "2026-03-28T12:30:00+01:00", "2026-04-04T12:30:00+02:00"],
    ["they do not change", "2026-06-01T12:30:00+02:00", "2026-06-08T12:30:00+02:00"],
  ])("ends at the same local time of day where %s", (_, now, end) => {
    process.env.TZ = "Europe/Berlin"
    expect(expiryOf("week", new Date(now))).toEqual(new Date(end))
  })

  it("of an hour is 60 minutes, whatever the clocks do", () => {
    process.env.TZ = "Europe/Berlin"
    const now = new Date("2026-10-25T02:30:00+02:00")
    expect(expiryOf("hour", now)).toEqual(new Date("2026-10-25T02:30:00+01:00"))
  })
})

it("accepts only names of presets, not those of an object's properties", () => {
  expect(["hour", "day", "week", "month"].every(isExpiryPreset)).toBe(true)
  expect(["constructor", "toString", "__proto__", "never", ""].some(isExpiryPreset)).toBe(false)
})
