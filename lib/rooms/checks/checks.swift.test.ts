import { expect, it } from "vitest"
import { storeKind } from "#lib/adapters/storage.ts"
import { runChecks } from "#lib/rooms/checks/run-checks.ts"

it("OpenStack Swift has what Lapse needs, and the checks say what it lacks and advise nothing that it cannot do", async () => {
  const { items } = await runChecks()

  expect(await storeKind()).toBe("swift")
  const found = items
    .filter(({ group, state }) => group === "storage" && state !== "ok")
    .map(({ id, state, code }) => [id, state, code])
  expect(found).toEqual([
    ["overwrite", "warn", "ignored"],
    ["parts", "fail", "harmful"],
    ["checksums", "warn", "not_parts"],
    ["colours", "warn", "no_tags"],
    ["signature_age", "warn", "no_policies"],
    ["audit_head", "warn", "unconditional"],
    ["lifecycle", "skipped", "unknown"],
  ])
  expect(items.filter(({ id }) => ["cors", "clocks"].includes(id))).toMatchObject([
    { id: "cors", state: "ok" },
    { id: "clocks", state: "ok" },
  ])
  expect(items.filter(({ fix, paste }) => paste || fix?.includes("bucket"))).toEqual([])
})
