import { expect, it } from "vitest"
import { changedDefaults, defaultsOf } from "./defaults-of-form.ts"

const formOf = (fields: Record<string, string>) => {
  const form = new FormData()
  for (const [name, value] of Object.entries(fields)) form.set(name, value)
  return form
}

it("sets days, a limit, previews and downloads, and a URL lifetime", () => {
  const form = formOf({ days: "14", maxDownloads: "3", viewOnly: "on", mintTtlSeconds: "30" })

  expect(defaultsOf(form, { mintTtlSeconds: 120 })).toEqual({
    days: 14,
    maxDownloads: 3,
    direct: false,
    preview: true,
    viewOnly: true,
    watermark: false,
    mintTtlSeconds: 30,
  })
})

it("has no expiry and no limit if none is selected", () => {
  const form = formOf({ days: "never", maxDownloads: "", mintTtlSeconds: "keep" })

  expect(defaultsOf(form, {})).toMatchObject({ days: null, maxDownloads: null })
})

it("keeps a URL lifetime that was not changed, or that the installation sets", () => {
  const form = formOf({ days: "7", mintTtlSeconds: "keep" })

  expect(defaultsOf(form, { mintTtlSeconds: 120 }).mintTtlSeconds).toBe(120)
  expect(defaultsOf(form, {}).mintTtlSeconds).toBeNull()
})

it("names the defaults that differ from the saved ones, and none of an unchanged form", () => {
  const shown = { days: 7, previews: true }
  const untouched = { days: "7", preview: "on", mintTtlSeconds: "keep" }
  expect(changedDefaults(formOf(untouched), {}, shown)).toEqual([])
  const viewOnly = { days: "7", viewOnly: "on", watermark: "on", mintTtlSeconds: "keep" }
  const before = { preview: false, viewOnly: true, watermark: true, mintTtlSeconds: 120 }
  expect(changedDefaults(formOf(viewOnly), before, shown)).toEqual([])
  // The watermark of a share without previews is not shown.
  const plain = { days: "7", mintTtlSeconds: "keep" }
  expect(changedDefaults(formOf(plain), { preview: false, watermark: true }, shown)).toEqual([])
  const typed = { days: "14", preview: "on", maxDownloads: "3", mintTtlSeconds: "30" }
  expect(changedDefaults(formOf(typed), {}, shown).sort()).toEqual([
    "days",
    "maxDownloads",
    "mintTtlSeconds",
  ])
})
