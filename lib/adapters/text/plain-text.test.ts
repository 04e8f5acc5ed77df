import { describe, expect, it } from "vitest"
import { cpuMs } from "#testing/cpu-ms.ts"
import { hasHidden } from "./hidden-characters.ts"
import { escapeHtml, plainName } from "./plain-text.ts"

describe("hidden characters of a name", () => {
  it.each([
    ["a right-to-left override", "Ada\u202Egpj.exe"],
    ["an isolate", "\u2067Ada\u2069"],
    ["a mark of direction", "Ada\u200F"],
    ["a line feed", "Ada\nLovelace"],
    ["a carriage return", "Ada\rLovelace"],
    ["a line separator", "Ada\u2028Lovelace"],
    ["a next line", "Ada\u0085Lovelace"],
    ["a tab", "Ada\tLovelace"],
    ["NUL", "Ada\0"],
    ["a zero-width space", "Ada\u200BLovelace"],
    ["a joiner between Latin letters", "A\u200Dda"],
    ["a byte order mark", "Ada\uFEFFLovelace"],
    ["a soft hyphen", "Ada\u00ADLovelace"],
    ["a tag", "Ada\u{E0041}"],
    ["a blank letter", "\u3164"],
    ["half a surrogate pair", "Ada\uD800"],
  ])("include %s", (_what, name) => {
    expect(hasHidden(name)).toBe(true)
    expect(hasHidden(plainName(name))).toBe(false)
  })

  it.each([
    "Ada Lovelace",
    "Zoë O’Brien-Ngũgĩ",
    "李 小龍",
    "علی\u200Cرضا",
    "क्\u200Dष",
    "שרה כהן",
    "Ada 👩\u200D💻",
    "Ada ❤\uFE0F",
    "1\uFE0F\u20E3",
  ])("do not include those that people write: %s", (name) => {
    expect(hasHidden(name)).toBe(false)
    expect(plainName(name)).toBe(name)
  })

  it("are spaces if an older name is shown, and a name of nothing else is a sign", () => {
    expect(plainName("Ada\r\n\u202ELovelace\u202C")).toBe("Ada Lovelace")
    expect(plainName("\u3164\u202E")).toBe("?")
  })

  it("are found in linear time", () => {
    const began = cpuMs()
    hasHidden("\u200D👩".repeat(50_000))
    plainName("a\u200D".repeat(50_000))
    expect(cpuMs() - began).toBeLessThan(5_000)
  })
})

it("escapeHtml leaves no character that ends a text or a quoted attribute", () => {
  expect(escapeHtml(`<a href="x" title='y'>&amp;</a> é`)).toBe(
    "&#60;a href=&#34;x&#34; title=&#39;y&#39;&#62;&#38;amp;&#60;/a&#62; é",
  )
})
