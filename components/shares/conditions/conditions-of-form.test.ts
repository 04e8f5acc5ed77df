import { expect, it } from "vitest"
import { conditionsOf, passwordOf } from "./conditions-of-form.ts"

const formOf = (fields: Record<string, string>) => {
  const form = new FormData()
  for (const [name, value] of Object.entries(fields)) form.set(name, value)
  return form
}

const KEPT = { expires: "keep", starts: "keep", mintTtlSeconds: "keep" }

it("leaves start, end and URL lifetime out for an unchanged form, and always the password", () => {
  const form = formOf({ ...KEPT, title: "For Thursday", message: "", password: "seven trees" })

  expect(conditionsOf(form)).toEqual({
    title: "For Thursday",
    message: "",
    maxDownloads: null,
    direct: false,
    preview: false,
    viewOnly: false,
    watermark: false,
    notices: false,
    everyDownload: false,
  })
})

it("sends every condition that was set", () => {
  const form = formOf({
    title: "For Thursday",
    message: "Start with\nthe report.",
    expires: "week",
    expiresAt: "2026-12-01T09:30:00.000Z",
    starts: "at",
    startsAt: "2026-11-25T08:00:00.000Z",
    maxDownloads: "10",
    direct: "on",
    preview: "on",
    watermark: "on",
    notices: "on",
    mintTtlSeconds: "120",
  })

  expect(conditionsOf(form)).toEqual({
    title: "For Thursday",
    message: "Start with\nthe report.",
    expiresAt: "2026-12-01T09:30:00.000Z",
    startsAt: "2026-11-25T08:00:00.000Z",
    maxDownloads: 10,
    direct: true,
    preview: true,
    viewOnly: false,
    watermark: true,
    notices: true,
    everyDownload: false,
    mintTtlSeconds: 120,
  })
})

it("clears an end, a start and a limit that are removed", () => {
  const form = formOf({ ...KEPT, expires: "never", starts: "now", maxDownloads: "" })

  expect(conditionsOf(form)).toMatchObject({
    expiresAt: null,
    startsAt: null,
    maxDownloads: null,
  })
})

it("removes a password that is switched off, and keeps one that is not typed again", () => {
  expect(passwordOf(formOf({}))).toEqual({ password: null })
  expect(passwordOf(formOf({ locked: "on", password: "" }))).toEqual({})
  expect(passwordOf(formOf({ locked: "on", password: "new" }))).toEqual({ password: "new" })
})

it("never treats an incomplete time as empty, so that the API refuses it", () => {
  const form = formOf({ expires: "at", expiresAt: "", starts: "at", startsAt: "" })

  expect(conditionsOf(form)).toMatchObject({ expiresAt: "", startsAt: "" })
})

it("switches previews on for a share that is only viewed", () => {
  expect(conditionsOf(formOf({ viewOnly: "on" }))).toMatchObject({ viewOnly: true, preview: true })
})

it("leaves out a title that the form does not have", () => {
  expect(conditionsOf(formOf({ message: "Hello" }))).not.toHaveProperty("title")
})
