import { expect, test } from "vitest"
import { untilText } from "./until-text.ts"

const reader = { locale: "en-GB", timeZone: "UTC" }
const now = new Date("2026-11-24T12:00:00Z")
const until = (at: string) => untilText(new Date(at), now, reader)

test("an end is formatted as briefly as is unambiguous", () => {
  expect(until("2026-11-24T18:00:00Z")).toBe("18:00")
  expect(until("2026-11-27T18:00:00Z")).toBe("Friday 18:00")
  expect(until("2026-12-01T18:00:00Z")).toBe("Tue 1 Dec, 18:00")
  expect(until("2027-01-05T18:00:00Z")).toBe("Tue, 5 Jan 2027, 18:00")
})

test("the day and the time are in the reader's time zone", () => {
  const there = { locale: "en-US", timeZone: "Asia/Tokyo" }
  const at = new Date("2026-11-24T16:00:00Z")
  expect(untilText(at, now, there)).toBe("Wednesday 1:00\u00a0AM")
})
