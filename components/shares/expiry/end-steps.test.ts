import { expect, test } from "vitest"
import { DAY, MINUTE } from "#testing/units.ts"
import { endAtFraction, ringOf, stepEnd } from "./end-steps.ts"

const now = new Date("2026-11-24T12:07:00")
const bounds = { now, maxShareDays: null }
const local = (end: Date | null) =>
  end && new Date(end.getTime() - end.getTimezoneOffset() * MINUTE).toISOString().slice(0, 16)
const inDays = (days: number) => new Date(now.getTime() + days * DAY)

test("a ring is converted to the end that it was drawn for, at a round time of day", () => {
  expect(local(endAtFraction(1, bounds))).toBe("2026-12-01T12:00")
  expect(local(endAtFraction(Math.sqrt(1 / 7), bounds))).toBe("2026-11-25T12:00")
  expect(local(endAtFraction(Math.sqrt(2 / 24 / 7), bounds))).toBe("2026-11-24T14:00")
  expect(endAtFraction(0, bounds).getTime()).toBe(now.getTime() + 15 * MINUTE)
})

test("keys change the end by hours within a day, else by days, between a quarter of an hour and a week", () => {
  expect(local(stepEnd(inDays(3), "more", bounds))).toBe("2026-11-28T12:07")
  expect(local(stepEnd(inDays(3), "less", bounds))).toBe("2026-11-26T12:07")
  expect(local(stepEnd(inDays(1), "less", bounds))).toBe("2026-11-25T11:07")
  expect(local(stepEnd(inDays(0.5), "more", bounds))).toBe("2026-11-25T01:07")
  expect(local(stepEnd(inDays(3), "much_more", bounds))).toBe("2026-12-01T12:07")
  expect(local(stepEnd(inDays(3), "much_less", bounds))).toBe("2026-11-24T12:22")
  expect(local(stepEnd(inDays(0), "less", bounds))).toBe("2026-11-24T12:22")
  expect(local(stepEnd(inDays(-3), "more", bounds))).toBe("2026-11-24T12:22")
})

test("Home and End set the minimum and the maximum that the ring names", () => {
  for (const each of [bounds, { now, maxShareDays: 2 }]) {
    for (const end of [inDays(1), inDays(30), inDays(-1), null]) {
      const { min, max } = ringOf(end, each)
      expect(ringOf(stepEnd(end, "least", each), each).value).toBe(min)
      expect(ringOf(stepEnd(end, "most", each), each).value).toBe(max)
    }
  }
  expect(ringOf(inDays(1), bounds)).toMatchObject({ min: 0.25, max: 168, value: 24 })
  expect(ringOf(inDays(1), { now, maxShareDays: 2 })).toMatchObject({ max: 48, value: 24 })
  expect(ringOf(inDays(30), bounds)).toMatchObject({ value: 168, fraction: 1 })
  expect(ringOf(null, bounds)).toMatchObject({ value: 168, fraction: 1 })
  expect(ringOf(inDays(-1), bounds)).toMatchObject({ value: 0.25, fraction: 0 })
})

test("the first step down from a full ring starts at a week, and steps up change nothing", () => {
  for (const end of [null, inDays(30)]) {
    expect(local(stepEnd(end, "less", bounds))).toBe("2026-11-30T12:07")
    for (const step of ["more", "much_more"] as const) expect(stepEnd(end, step, bounds)).toBe(end)
  }
})

test("End sets the longest end allowed, and keys reach it beyond a week", () => {
  for (const end of [inDays(1), inDays(20), null]) {
    expect(stepEnd(end, "most", bounds)).toBeNull()
    expect(local(stepEnd(end, "most", { now, maxShareDays: 30 }))).toBe("2026-12-24T12:07")
  }
  const month = { now, maxShareDays: 30 }
  expect(ringOf(inDays(10), month)).toMatchObject({ max: 720, value: 240, fraction: 1 })
  expect(local(stepEnd(inDays(10), "more", month))).toBe("2026-12-05T12:07")
  expect(local(stepEnd(inDays(28), "much_more", month))).toBe("2026-12-24T12:07")
})

test("no end exceeds the maximum of an installation", () => {
  const short = { now, maxShareDays: 2 }
  for (const end of [endAtFraction(1, short), stepEnd(null, "more", short)])
    expect(end?.getTime()).toBe(now.getTime() + 2 * DAY)
})
