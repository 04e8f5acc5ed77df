import { expect, it } from "vitest"
import { conditionsOf, rareConditionsOf } from "./conditions-of-form.ts"

const formOf = (fields: Record<string, string>) => {
  const form = new FormData()
  for (const [name, value] of Object.entries(fields)) form.set(name, value)
  return form
}

const KEPT = { expires: "keep", starts: "keep", mintTtlSeconds: "keep" }

it("leaves start, end, password and URL lifetime out for an unchanged form", () => {
  const form = formOf({ ...KEPT, title: "For Thursday", message: "", locked: "on", password: "" })

  expect(conditionsOf(form)).toEqual({
    title: "For Thursday",
    message: "",
    maxDownloads: null,
    direct: false,
    preview: false,
    viewOnly: false,
    watermark: false,
    notices: false,
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
    locked: "on",
    password: "seven trees",
    limited: "on",
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
    password: "seven trees",
    maxDownloads: 10,
    direct: true,
    preview: true,
    viewOnly: false,
    watermark: true,
    notices: true,
    mintTtlSeconds: 120,
  })
})

it("clears an end, a start, a password and a limit that are switched off", () => {
  const form = formOf({ ...KEPT, expires: "never", starts: "now", maxDownloads: "10" })

  expect(conditionsOf(form)).toMatchObject({
    expiresAt: null,
    startsAt: null,
    password: null,
    maxDownloads: null,
  })
})

it("never treats an incomplete time or number as empty, so that the API refuses it", () => {
  const form = formOf({
    expires: "at",
    expiresAt: "",
    starts: "at",
    startsAt: "",
    limited: "on",
    maxDownloads: "",
  })

  expect(conditionsOf(form)).toMatchObject({ expiresAt: "", startsAt: "", maxDownloads: 0 })
})

it("switches previews on for a share that is only viewed", () => {
  expect(conditionsOf(formOf({ viewOnly: "on" }))).toMatchObject({ viewOnly: true, preview: true })
})

it("leaves title, end, password and limit out of the form of rare conditions", () => {
  expect(rareConditionsOf(formOf({ ...KEPT, message: "Hello", direct: "on" }))).toEqual({
    message: "Hello",
    direct: true,
    preview: false,
    viewOnly: false,
    watermark: false,
    notices: false,
  })
})
