import { expect, test } from "vitest"
import { isLow } from "./usage.tsx"

test.each([
  [0, null, false],
  [79, 100, false],
  [80, 100, false],
  [81, 100, true],
  [130, 100, true],
  [0, 0, false],
])("%d of %s used: low is %s", (usedBytes, quotaBytes, low) => {
  expect(isLow({ usedBytes, quotaBytes })).toBe(low)
})
