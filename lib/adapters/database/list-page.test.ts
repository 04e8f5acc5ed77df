import { describe, expect, it } from "vitest"
import { readCursor, writeCursor } from "./list-page.ts"

const id = "01a20e37-1124-7000-b66b-5d65dec0defa"

describe("readCursor", () => {
  it("reads what writeCursor wrote, with its microseconds", () => {
    const place = { at: "2026-02-28T23:59:59.123456Z", id }
    expect(readCursor(writeCursor(place))).toEqual(place)
  })

  it.each([
    "2026-02-30T00:00:00.000000Z",
    "2026-13-01T00:00:00.000000Z",
    "2026-01-01T24:00:00.000000Z",
    "0000-01-01T00:00:00.000000Z",
    "0001-01-01T00:00:00.000000Z",
    "infinity",
  ])("refuses a place at %s, which the database could not read", (at) => {
    expect(() => readCursor(writeCursor({ at, id }))).toThrow(
      "This position in the list doesn’t exist.",
    )
  })

  it("refuses a text that is not a cursor", () => {
    for (const cursor of [
      "",
      "%00",
      "x",
      writeCursor({ at: "2026-01-01T00:00:00.000000Z", id: "x" }),
    ])
      expect(() => readCursor(cursor)).toThrow("This position in the list doesn’t exist.")
  })
})
