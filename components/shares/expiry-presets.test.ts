import { expect, it } from "vitest"
import { allowedExpiries, expiryOf, isExpiryPreset } from "./expiry-presets.ts"

it("offers never, and every preset, where a share may stay open for good", () => {
  expect(allowedExpiries(null)).toEqual(["hour", "day", "week", "month", "never"])
})

it.each([
  [1, ["hour", "day"]],
  [7, ["hour", "day", "week"]],
  [29, ["hour", "day", "week"]],
])("offers nothing longer than %i days where that is the most", (days, presets) => {
  expect(allowedExpiries(days)).toEqual(presets)
})

it("counts a preset from now, across the change of the clocks too", () => {
  const now = new Date("2026-10-24T12:00:00Z")

  expect(expiryOf("week", now).toISOString()).toBe("2026-10-31T12:00:00.000Z")
})

it("knows the presets' own names alone, not those that every object has", () => {
  expect(["hour", "day", "week", "month"].every(isExpiryPreset)).toBe(true)
  expect(["constructor", "toString", "__proto__", "never", ""].some(isExpiryPreset)).toBe(false)
})
