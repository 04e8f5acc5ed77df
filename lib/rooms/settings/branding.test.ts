import { describe, expect, it } from "vitest"
import { BrandingChange } from "./branding.ts"

const stored = (imprintUrl: string) => BrandingChange.parse({ imprintUrl }).imprintUrl

describe("the address of a legal page", () => {
  it("is stored as browsers write it", () => {
    expect(stored("HTTPS://Example.ORG")).toBe("https://example.org/")
    expect(stored("https://münchen.example/über uns?a=@b")).toBe(
      "https://xn--mnchen-3ya.example/%C3%BCber%20uns?a=@b",
    )
    expect(stored("https://exa\nmple.org/a/../b")).toBe("https://example.org/b")
  })

  it.each([
    "https://bank.example@evil.example/",
    "https://bank.example:secret@evil.example/",
    "https://:secret@evil.example/",
    "https://evil.example\\@bank.example/",
    "https://evil.example/\\..\\x",
    "https:\\\\evil.example/",
    "javascript:alert(1)//https://example.org/",
    "javascript:https://example.org/",
    "ftp://example.org/",
    "//example.org/",
    "example.org",
    "https://",
    `https://example.org/${"a".repeat(500)}`,
  ])("is refused as %s", (text) => {
    expect(BrandingChange.safeParse({ privacyUrl: text }).success).toBe(false)
  })
})
