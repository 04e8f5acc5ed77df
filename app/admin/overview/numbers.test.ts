import { expect, it } from "vitest"
import { comparedBy } from "./numbers.tsx"

it.each([
  [0, "noneBefore"],
  [2, "fewBefore"],
  [19, "fewBefore"],
  [20, "against"],
])("a number after %i is compared by %s", (earlier, by) => {
  expect(comparedBy(earlier)).toBe(by)
})
