import { describe, expect, it } from "vitest"
import { viewPolicies } from "#lib/admin/change-policies.ts"
import { PolicyChange, type PolicyName } from "#lib/policies/policy.ts"
import { anAdmin } from "#testing/builders/a-member.ts"
import { policyChange } from "./policy-change.ts"

async function changeBy(fields: Record<string, string>, names: PolicyName[]) {
  const form = new FormData()
  for (const [name, value] of Object.entries(fields)) form.set(name, value)
  return policyChange(form, names, await viewPolicies(await anAdmin()))
}

describe("what the form of a section changes", () => {
  it("is what differs from the policies that hold", async () => {
    const fields = { maxShareDays: "5", defaultShareDays: "7", passwordRequired: "on" }
    const names: PolicyName[] = [
      ...(["maxShareDays", "defaultShareDays", "passwordRequired", "limitRequired"] as const),
    ]
    expect(await changeBy(fields, names)).toEqual({ maxShareDays: 5, passwordRequired: true })
  })

  it("has sizes in bytes, and types one by one", async () => {
    const fields = { maxFileBytes: "1.5", maxFileBytesUnit: "GB", blockedTypes: "exe, js" }
    const names: PolicyName[] = ["maxFileBytes", "allowedTypes", "blockedTypes"]
    expect(await changeBy(fields, names)).toEqual({
      maxFileBytes: 1.5e9,
      blockedTypes: ["exe", "js"],
    })
  })

  it("is refused where a number is none, in place of meaning no limit", async () => {
    const change = await changeBy({ maxShareDays: "soon" }, ["maxShareDays"])
    expect(change).toEqual({ maxShareDays: Number.NaN })
    expect(PolicyChange.safeParse({ maxShareDays: "NaN" }).success).toBe(false)
  })
})
