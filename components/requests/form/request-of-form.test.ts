import { expect, it } from "vitest"
import { requestOf } from "./request-of-form.ts"

const formOf = (fields: Record<string, string>) => {
  const form = new FormData()
  for (const [name, value] of Object.entries(fields)) form.set(name, value)
  return form
}

const FILLED = {
  ...{ title: "Boats / films", maxFiles: "1000", maxBytes: "10", maxBytesUnit: "GB" },
  ...{ maxFileBytes: "", maxFileBytesUnit: "GB", askName: "required", askAddress: "no" },
  ...{ own: '[{"label":"Team","required":true}]', expires: "keep", starts: "keep" },
  ...{ reusable: "on", notices: "on" },
}

it("a request goes to a folder with its name unless one was typed", () => {
  expect(requestOf(formOf(FILLED)).folder).toBe("Boats - films")
  expect(requestOf(formOf({ ...FILLED, folder: " trips/2026 " })).folder).toBe("trips/2026")
})

it("what is empty is none, and an end that stays is left out", () => {
  const request = requestOf(formOf({ ...FILLED, types: "jpg, video/*", slug: " Photos " }))

  expect(request).toMatchObject({
    maxBytes: 10e9,
    maxFileBytes: null,
    types: ["jpg", "video/*"],
    slug: "photos",
    password: null,
    reusable: true,
    fields: { name: "required", address: "no", own: [{ label: "Team", required: true }] },
  })
  expect(request).not.toHaveProperty("expiresAt")
  expect(request).not.toHaveProperty("startsAt")
  expect(requestOf(formOf({ ...FILLED, maxFileBytes: "2.5", slug: "" }))).toMatchObject({
    maxFileBytes: 2.5e9,
    slug: null,
  })
})
