import { expect, test } from "vitest"
import { endAtFraction, stepEnd } from "./end-steps.ts"

const now = new Date("2026-11-24T12:07:00")
const bounds = { now, maxShareDays: null }
const local = (end: Date) =>
  new Date(end.getTime() - end.getTimezoneOffset() * 60_000).toISOString().slice(0, 16)

test("a ring is converted to the end that it was drawn for, at a round time of day", () => {
  expect(local(endAtFraction(1, bounds))).toBe("2026-12-01T12:00")
  expect(local(endAtFraction(Math.sqrt(1 / 7), bounds))).toBe("2026-11-25T12:00")
  expect(local(endAtFraction(Math.sqrt(2 / 24 / 7), bounds))).toBe("2026-11-24T14:00")
  expect(endAtFraction(0, bounds).getTime()).toBe(now.getTime() + 15 * 60_000)
})

test("keys change the end by hours within a day, else by days, and never below a quarter of an hour", () => {
  const inDays = (days: number) => new Date(now.getTime() + days * 86_400_000)
  expect(local(stepEnd(inDays(3), "more", bounds))).toBe("2026-11-28T12:07")
  expect(local(stepEnd(inDays(3), "less", bounds))).toBe("2026-11-26T12:07")
  expect(local(stepEnd(inDays(1), "less", bounds))).toBe("2026-11-25T11:07")
  expect(local(stepEnd(inDays(0.5), "more", bounds))).toBe("2026-11-25T01:07")
  expect(local(stepEnd(inDays(3), "much_more", bounds))).toBe("2026-12-04T12:07")
  expect(local(stepEnd(inDays(3), "least", bounds))).toBe("2026-11-24T13:07")
  expect(local(stepEnd(inDays(30), "most", bounds))).toBe("2026-12-01T12:07")
  expect(stepEnd(inDays(0), "less", bounds).getTime()).toBe(now.getTime() + 15 * 60_000)
})

test("keys start from a full ring for a share without an end, and no end exceeds the maximum", () => {
  expect(local(stepEnd(null, "less", bounds))).toBe("2026-11-30T12:07")
  const short = { now, maxShareDays: 2 }
  for (const end of [endAtFraction(1, short), stepEnd(null, "more", short)])
    expect(end.getTime()).toBe(now.getTime() + 2 * 86_400_000)
})
