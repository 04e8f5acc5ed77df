import { describe, expect, it } from "vitest"
import { findEarlyRule, stalePartsRule } from "./bucket-rules.ts"

const aborting = (days: number, prefix = "") => ({
  ...stalePartsRule,
  ID: `after-${days}`,
  Filter: { Prefix: prefix },
  AbortIncompleteMultipartUpload: { DaysAfterInitiation: days },
})

describe("a lifecycle rule that ends uploads in parts", () => {
  it("is too early before four days, after which Lapse has ended the idle ones itself", () => {
    expect(findEarlyRule([stalePartsRule, aborting(4)])).toBeNull()
    expect(findEarlyRule([stalePartsRule, aborting(3)])).toEqual({ rule: "after-3", days: 3 })
    expect(findEarlyRule([aborting(1, "o/")])).toEqual({ rule: "after-1", days: 1 })
    expect(findEarlyRule([aborting(1, "other/")])).toBeNull()
  })
})
