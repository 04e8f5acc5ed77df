import { describe, expect, it } from "vitest"
import { isTokenText, newTokenText } from "./token-text.ts"

describe("the text of a token", () => {
  it("has the prefix, random characters and their checksum", () => {
    const texts = Array.from({ length: 200 }, newTokenText)
    expect(new Set(texts).size).toBe(200)
    for (const text of texts) {
      expect(text).toMatch(/^lapse_[0-9A-Za-z]{36}$/)
      expect(isTokenText(text)).toBe(true)
    }
  })

  it("is known by its checksum: one changed or swapped character is noticed", () => {
    const text = newTokenText()
    for (let place = 0; place < text.length; place += 1) {
      const other = text[place] === "a" ? "b" : "a"
      expect(isTokenText(text.slice(0, place) + other + text.slice(place + 1))).toBe(false)
    }
    for (const wrong of ["", "lapse_", `${text} `, text.slice(1), text.toUpperCase(), `${text}0`]) {
      expect(isTokenText(wrong)).toBe(false)
    }
  })

  it("has the CRC-32 of what is before it, in base 62, as other programs compute it", () => {
    expect(isTokenText("lapse_Lapse0Lapse0Lapse0Lapse0Lapse035ZJ6C")).toBe(true)
  })
})
