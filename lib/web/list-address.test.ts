import { describe, expect, it } from "vitest"
import { ShareListQuery } from "#lib/rooms/shares/share.ts"
import { listAddress, readListQuery } from "./list-address.ts"

describe("a list's address", () => {
  it("is read without its invalid parameters", async () => {
    const query = await readListQuery(
      ShareListQuery,
      Promise.resolve({ q: " a ", status: "nope", limit: "-3", cursor: ["x", "y"], other: "z" }),
    )

    expect(query).toEqual({ q: "a", cursor: "x" })
  })

  it.each(["constructor", "toString", "__proto__", "hasOwnProperty"])(
    "may name %s, which every object has, and the page opens",
    async (name) => {
      const query = JSON.parse(`{"${name}":"x","q":"a"}`)
      expect(await readListQuery(ShareListQuery, Promise.resolve(query))).toEqual({ q: "a" })
    },
  )

  it("is made without empty parameters", () => {
    expect(listAddress("/shares", { q: "", status: "open", cursor: null, limit: undefined })).toBe(
      "/shares?status=open",
    )
    expect(listAddress("/shares", { q: "" })).toBe("/shares")
  })
})
