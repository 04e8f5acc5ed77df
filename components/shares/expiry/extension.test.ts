import { describe, expect, it } from "vitest"
import { HOUR } from "#testing/units.ts"
import { extensionOf, isSoon } from "./extension.ts"

const now = new Date("2026-11-28T12:00:00Z")
const inHours = (hours: number) => new Date(now.getTime() + hours * HOUR).toISOString()
const open = (hours: number) => ({ status: "open" as const, expiresAt: inHours(hours) })

describe("a share that expires within two days", () => {
  it.each([0.1, 5, 48])("is extended by two days from its end, %d hours before it", (left) => {
    expect(extensionOf(open(left), now, null)).toEqual({
      hours: 48,
      expiresAt: inHours(left + 48),
    })
  })

  it("is extended by what the maximum duration allows from now on", () => {
    const hours = (left: number, maxDays: number) => extensionOf(open(left), now, maxDays)?.hours
    expect(hours(48, 4)).toBe(48)
    expect(hours(40, 3)).toBe(24)
    expect(hours(3.5, 1)).toBe(20)
    for (const left of [1, 3.5, 20, 47.9]) {
      const extension = extensionOf(open(left), now, 2)
      if (extension) expect(extension.expiresAt <= inHours(48)).toBe(true)
    }
  })

  it("is not extended by less than an hour", () => {
    expect(extensionOf(open(23.5), now, 1)).toBeNull()
    expect(extensionOf(open(30), now, 1)).toBeNull()
  })
})

it("a share that expires later is extended by a week, or by what is allowed", () => {
  expect(extensionOf(open(48.1), now, null)).toEqual({ hours: 168, expiresAt: inHours(216.1) })
  expect(extensionOf(open(500), now, 30)).toMatchObject({ hours: 168 })
  expect(extensionOf(open(100), now, 7)).toMatchObject({ hours: 48 })
  expect(isSoon(open(48), now)).toBe(true)
  expect(isSoon(open(48.1), now)).toBe(false)
})

it("other shares are not extended", () => {
  expect(extensionOf(open(0), now, null)).toBeNull()
  expect(extensionOf({ status: "open", expiresAt: null }, now, null)).toBeNull()
  for (const status of ["scheduled", "expired", "revoked", "used_up"] as const)
    expect(extensionOf({ status, expiresAt: inHours(5) }, now, null)).toBeNull()
})
