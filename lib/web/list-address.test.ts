import { describe, expect, it } from "vitest"
import { ShareListQuery } from "#lib/shares/share.ts"
import { listAddress, readListQuery } from "./list-address.ts"

describe("a list's address", () => {
  it("is read leniently: what cannot be is as if it were not there", async () => {
    const query = await readListQuery(
      ShareListQuery,
      Promise.resolve({ q: " a ", status: "nope", limit: "-3", cursor: ["x", "y"], other: "z" }),
    )

    expect(query).toEqual({ q: "a", cursor: "x" })
  })

  it("leaves out what is empty", () => {
    expect(listAddress("/shares", { q: "", status: "open", cursor: null, limit: undefined })).toBe(
      "/shares?status=open",
    )
    expect(listAddress("/shares", { q: "" })).toBe("/shares")
  })
})
