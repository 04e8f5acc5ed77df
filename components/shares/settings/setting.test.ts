import { expect, it } from "vitest"
import { delayOf, settingOf } from "./setting.ts"

it("saves a choice at once, text after two seconds, and what is typed next only when it is left", () => {
  expect(delayOf("viewOnly", "true")).toBe(0)
  expect(delayOf("expires", "week")).toBe(0)
  expect(delayOf("message", "Hello")).toBe(2_000)
  expect(delayOf("expiresAt", "2026-12-01T10:00")).toBe(2_000)
  expect(delayOf("maxDownloads", "")).toBeNull()
  expect(delayOf("expires", "at")).toBeNull()
  expect(delayOf("later", "true")).toBeNull()
  expect(delayOf("later", "false")).toBe(0)
})

it("saves start and end together, and previews with view only", () => {
  expect(settingOf("startsAt")).toBe(settingOf("expires"))
  expect(settingOf("viewOnly")).toBe(settingOf("watermark"))
  expect(settingOf("password")).toBeUndefined()
})
