import { expect, it } from "vitest"
import { backoffMs } from "./backoff.ts"

it("waits between half and all of a time that doubles up to 30 seconds", () => {
  const least = [1, 2, 3, 4, 5, 6, 50].map((failures) => backoffMs(failures, () => 0))
  const most = [1, 2, 3, 4, 5, 6, 50].map((failures) => backoffMs(failures, () => 1))

  expect(least).toEqual([500, 1_000, 2_000, 4_000, 8_000, 15_000, 15_000])
  expect(most).toEqual([1_000, 2_000, 4_000, 8_000, 16_000, 30_000, 30_000])
})
