import { describe, expect, it } from "vitest"
import { viewSettings } from "#lib/rooms/admin/change-settings.ts"
import { type FieldName, SettingsChange } from "#lib/rooms/settings/setting.ts"
import { anAdmin } from "#testing/builders/a-member.ts"
import { settingsChange } from "./settings-change.ts"

async function changeBy(fields: Record<string, string>, names: FieldName[]) {
  const form = new FormData()
  for (const [name, value] of Object.entries(fields)) form.set(name, value)
  return settingsChange(form, names, await viewSettings(await anAdmin()))
}

describe("what the form of a section changes", () => {
  it("is the difference from the present settings", async () => {
    const fields = { maxShareDays: "5", defaultShareDays: "7", passwordRequired: "on" }
    const names: FieldName[] = ["maxShareDays", "defaultShareDays", "passwordRequired", "requests"]
    expect(await changeBy(fields, names)).toEqual({
      maxShareDays: 5,
      passwordRequired: true,
      requests: false,
    })
  })

  it("has sizes in bytes", async () => {
    const fields = { maxFileBytes: "1.5", maxFileBytesUnit: "GB" }
    expect(await changeBy(fields, ["maxFileBytes"])).toEqual({ maxFileBytes: 1.5e9 })
  })

  it("is refused for an invalid number, which does not mean no limit", async () => {
    const change = await changeBy({ maxShareDays: "soon" }, ["maxShareDays"])
    expect(change).toEqual({ maxShareDays: Number.NaN })
    expect(SettingsChange.safeParse({ maxShareDays: "NaN" }).success).toBe(false)
  })
})
