import { describe, expect, it } from "vitest"
import { dispositionOf } from "#lib/adapters/storage.ts"

describe("a file's name in Content-Disposition", () => {
  it.each([
    ["..／..／x", "full-width slashes"],
    ["..⁄..∕x", "fraction and division slashes"],
    ["C：＼temp＼x", "full-width backslashes"],
    ["..\\..\\x", "backslashes"],
    ["../../x", "slashes"],
  ])("never leads to another folder: %s (%s)", (name) => {
    const fallback = /filename="?([^";]*)"?/.exec(dispositionOf(name, "attachment"))?.[1] ?? ""
    expect(fallback).not.toMatch(/[/\\]/)
    expect(fallback).toMatch(/x$/)
  })

  it("is not a folder even if its full-width dots become dots", () => {
    expect(dispositionOf("．．", "attachment")).toMatch(/filename=_;/)
  })
})
