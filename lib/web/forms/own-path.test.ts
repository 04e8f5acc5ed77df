import { describe, expect, it } from "vitest"
import { ownPath } from "./own-path.ts"

describe("ownPath", () => {
  it.each([
    ["/shares?status=open#top", "/shares?status=open#top"],
    ["http://localhost:3000/settings", "/settings"],
    ["shares", "/shares"],
  ])("keeps %s", (address, path) => {
    expect(ownPath(address)).toBe(path)
  })

  it.each([
    "https://evil.example/",
    "//evil.example/",
    "/\\evil.example",
    "\\\\evil.example",
    "/\t/evil.example",
    "/.//evil.example",
    "http://localhost:3000//evil.example",
    "http://localhost:3000@evil.example/",
    "javascript:alert(1)",
    "http://[",
    "",
    undefined,
    ["/shares"],
  ])("leads nowhere else: %j", (address) => {
    expect(ownPath(address)).toBeNull()
  })
})
