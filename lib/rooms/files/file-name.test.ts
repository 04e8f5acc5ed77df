import { describe, expect, it } from "vitest"
import { cpuMs } from "#testing/cpu-ms.ts"
import { isOfType } from "./allowed-files.ts"
import { isStoredAs, storedName } from "./file-name.ts"

describe("a name as it is stored", () => {
  it.each([
    ["back\\slash.txt", "back_slash.txt"],
    ["a.ex\u200be", "a.exe"],
    ["a.ex\u00ade", "a.exe"],
    ["a.ex\u200de", "a.exe"],
    ["a.ex\ufe0fe", "a.exe"],
    ["a.ex\u{e0065}e", "a.exe"],
    ["\u202einvoice\u2066gpj.exe\u2069", "invoicegpj.exe"],
    ["\u200fa\u061c.txt", "a.txt"],
    ["two\r\nlines\tand a tab", "two lines and a tab"],
    ["nul\0 bell\u0007 c1\u0085", "nul bell c1"],
    [" a  b. ", "a  b."],
    ["half \ud83d pair", "half \ufffd pair"],
  ])("of %j is %j", (given, stored) => {
    expect(storedName(given)).toBe(stored)
    expect(storedName(stored)).toBe(stored)
  })

  it.each([
    "می\u200cخواهم.txt",
    "مُ\u200cخ.txt",
    "क्\u200dष.pdf",
    "👩\u200d👩\u200d👧 🏳\ufe0f\u200d🌈 ☀\ufe0f.jpg",
    "🏴\u{e0067}\u{e0062}\u{e0073}\u{e0063}\u{e0074}\u{e007f}.png",
    "葛\u{e0100}飾区.pdf",
    "ᠠ\u180eᠠ.txt",
    "سورة \u06dd١.txt",
    "תמונה.jpg",
    "CON.txt",
    'a<b>c:d"e|f?g*h',
    ".gitignore",
    "ends with a dot.",
  ])("keeps what a script needs: %s", (name) => {
    expect(storedName(name)).toBe(name)
  })

  it("stays as given if only accents are composed differently", () => {
    expect(isStoredAs("Bu\u0308ro.pdf ", "Büro.pdf")).toBe(true)
    expect(isStoredAs("a\\b", "a_b")).toBe(false)
    expect(isStoredAs("a.ex\u200be", "a.exe")).toBe(false)
  })

  it("is computed in linear time", () => {
    const began = cpuMs()
    for (const part of ["\u{1f3f4}", "\u{e0067}", "a\u200d", "葛\u{e0100}", "\t "])
      storedName(part.repeat(100_000))
    expect(cpuMs() - began).toBeLessThan(10_000)
  })
})

describe("a setting of types", () => {
  it.each([
    "a.exe",
    "A.EXE",
    "a.exe. . ",
    "a.ex\u200be",
    "a.exe\u200b",
    "a.e\u200cxe\u2060",
    "a.ex\u00ade",
    "exe.\u202efdp.exe",
    "a.exe\u202e",
    "a．ｅｘｅ",
    "a․exe",
    "a.𝐞𝐱𝐞",
    "a.éxe",
    "a.exe\u3000",
    "a.exe\u00a0.",
    "a.exe::$DATA",
    "a.exe::$data .",
    "a.exe:",
    "a.pdf.exe",
  ])("compares %j as the program that systems take it for", (name) => {
    expect(isOfType({ name, contentType: "application/pdf" }, "exe")).toBe(true)
    expect(isOfType({ name, contentType: "application/pdf" }, "pdf")).toBe(false)
  })

  it.each(["a.exe.pdf", "exe", "a_exe", "aexe", "a.exec", "a.exe:notes.txt", "отчёт.pdf"])(
    "allows %j, which is no program",
    (name) => {
      expect(isOfType({ name, contentType: "text/plain" }, "exe")).toBe(false)
    },
  )
})
