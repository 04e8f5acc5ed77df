import { afterEach, beforeEach, expect, it, vi } from "vitest"
import { log } from "#lib/adapters/monitoring/log.ts"
import { logOutage } from "./outage-log.ts"

const warn = vi.spyOn(log, "warn").mockImplementation(() => {})
beforeEach(() => {
  vi.useFakeTimers()
  warn.mockClear()
})
afterEach(() => vi.useRealTimers())

it("an outage is logged once with its cause and then once a minute with a count, not once per request", () => {
  const error = new Error("refused")
  const meet = (times: number) => {
    for (let n = 0; n < times; n++) logOutage(error, "The database is away.")
  }
  meet(500)
  logOutage(error, "The storage is away.")
  expect(warn.mock.calls).toEqual([
    [{ because: "refused" }, "The database is away."],
    [{ because: "refused" }, "The storage is away."],
  ])

  vi.advanceTimersByTime(60_000)
  expect(warn.mock.calls.slice(2)).toEqual([
    [{ count: 499, because: "refused" }, "The database is away. Met 499 times in the last minute."],
  ])
  meet(3)
  vi.advanceTimersByTime(60_000)
  expect(warn.mock.lastCall).toEqual([
    { count: 3, because: "refused" },
    "The database is away. Met 3 times in the last minute.",
  ])

  // After a quiet minute it is a new outage.
  vi.advanceTimersByTime(120_000)
  expect(warn).toHaveBeenCalledTimes(4)
  meet(1)
  expect(warn.mock.lastCall).toEqual([{ because: "refused" }, "The database is away."])
})
