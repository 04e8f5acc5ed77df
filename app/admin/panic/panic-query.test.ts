import { describe, expect, it } from "vitest"
import { selectionOf } from "./panic-query.ts"

const ID = "0190a2b4-0000-7000-8000-000000000001"

describe("the shares that the address of the panic page selects", () => {
  it("are none until something is selected", () => {
    expect(selectionOf({})).toEqual({ state: "none" })
    expect(selectionOf({ what: "member", fileId: ID })).toEqual({ state: "none" })
    expect(selectionOf({ what: "time" })).toEqual({ state: "none" })
  })

  it("are all shares, a member's or a file's", () => {
    expect(selectionOf({ what: "all", ownerId: ID })).toMatchObject({ input: { all: true } })
    expect(selectionOf({ what: "member", ownerId: ID })).toMatchObject({ input: { ownerId: ID } })
    expect(selectionOf({ what: "file", fileId: ID })).toMatchObject({ input: { fileId: ID } })
  })

  it("are those created between two times, in any time zone", () => {
    const [from, to] = ["2026-11-25T09:00:00Z", "2026-11-25T16:00:00+05:45"]
    expect(selectionOf({ what: "time", from, to })).toEqual({
      state: "chosen",
      input: { createdAfter: from, createdBefore: to },
    })
    expect(selectionOf({ what: "time", from })).toMatchObject({ state: "chosen" })
    expect(selectionOf({ what: "time", from, to: from })).toEqual({
      state: "invalid",
      problem: "timesOrder",
    })
    expect(selectionOf({ what: "time", from: to, to: "2026-11-25T10:00:00Z" })).toMatchObject({
      state: "invalid",
    })
    for (const bad of ["yesterday", "1999-01-01T00:00:00Z", "2026-11-25T09:00"]) {
      expect(selectionOf({ what: "time", from: bad })).toMatchObject({ state: "invalid" })
    }
  })
})
