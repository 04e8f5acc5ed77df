import { describe, expect, it } from "vitest"
import { isUuid, newId, Uuid } from "./uuid.ts"

describe("newId", () => {
  it("is a UUID of version 7 that contains its time, and no two are equal", () => {
    const now = Date.parse("2026-11-24T18:00:00.123Z")
    const ids = new Set(Array.from({ length: 1000 }, () => newId(now)))

    expect(ids.size).toBe(1000)
    for (const id of ids) {
      expect(id).toMatch(/^[\da-f]{8}-[\da-f]{4}-7[\da-f]{3}-[89ab][\da-f]{3}-[\da-f]{12}$/)
      expect(Number.parseInt(id.replace("-", "").slice(0, 12), 16)).toBe(now)
    }
    expect(newId(now) < newId(now + 1)).toBe(true)
  })
})

describe("isUuid and Uuid", () => {
  it.each([
    ["0198c0de-0000-7000-8000-00000000000a", true],
    ["0198C0DE-0000-7000-8000-00000000000A", true],
    ["0198c0de000070008000000000000000", false],
    ["{0198c0de-0000-7000-8000-00000000000a}", false],
    ["0198c0de-0000-7000-8000-00000000000a\n", false],
    ["", false],
  ])("agree on %j", (text, is) => {
    expect(isUuid(text)).toBe(is)
    expect(Uuid.safeParse(text).success).toBe(is)
  })
})
