import { expect, it } from "vitest"
import { defaultsOf } from "./defaults-of-form.ts"

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
