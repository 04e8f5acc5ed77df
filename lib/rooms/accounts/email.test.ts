import { describe, expect, it } from "vitest"
import { Refusal } from "#lib/adapters/errors.ts"
import { parse } from "#lib/adapters/http/input.ts"
import { sayRefusal } from "#lib/adapters/text/sentences.ts"
import { Email } from "./member.ts"

/** The message that refuses an address, in this language; null if the address is accepted. */
function refusalOf(address: string, locale: "en" | "de" = "en") {
  try {
    parse(Email, address)
    return null
  } catch (error) {
    if (!(error instanceof Refusal)) throw error
    return sayRefusal(error, locale)
  }
}

describe("an address that is typed", () => {
  it.each([
    ["jürgen@example.org", "can’t have “ü” before the @"],
    ["ju\u0308rgen@example.org", "can’t have “ü” before the @"],
    ["jo\u200b@example.org", "can’t have “U+200B” before the @"],
    ["\u212ajo@example.org", "can’t have “U+212A” before the @"],
    ["jo@müller.example", "can’t have “ü” after the @. Enter that part as xn--mller-kva.example."],
    ["jo@例え.example", "Enter that part as xn--r8jz45g.example."],
    ["jürgen", "like name@example.org"],
    ["a b@example.org", "like name@example.org"],
    ["jo@ü ü", "like name@example.org"],
  ])("is refused with the mistake in %j", (address, sentence) => {
    expect(refusalOf(address)).toContain(sentence)
  })

  it("is refused in the reader's language, and accepted without accents", () => {
    expect(refusalOf("jürgen@example.org", "de")).toContain("vor dem @ kein „ü“")
    expect(refusalOf(" Jo.Müller@example.org".replace("ü", "ue"))).toBeNull()
  })
})
