import { expect, it } from "vitest"
import { previewConditions } from "./preview-conditions.ts"

it("has what the page depends on, and never the password", () => {
  const form = new FormData()
  const fields = { title: "Plans", expires: "keep", starts: "keep", mintTtlSeconds: "30" }
  for (const [name, value] of Object.entries({ ...fields, locked: "on", password: "open sesame" }))
    form.set(name, value)

  expect(previewConditions(form)).toEqual({
    title: "Plans",
    message: "",
    maxDownloads: null,
    preview: false,
    viewOnly: false,
    watermark: false,
    hasPassword: true,
  })
})
