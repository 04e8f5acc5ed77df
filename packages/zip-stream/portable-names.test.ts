import { describe, expect, it, test } from "vitest"
import { createPortablePaths, portableName } from "./portable-names.ts"

const paths = (...all: string[]) => all.map(createPortablePaths())

describe("a name", () => {
  it.each([
    ["report.pdf", "report.pdf"],
    ["räksmörgås & co.txt", "räksmörgås & co.txt"],
    ["図面 👩‍👩‍👧.pdf", "図面 👩‍👩‍👧.pdf"],
    ["تقرير.pdf", "تقرير.pdf"],
    ["می‌خواهم.txt", "می‌خواهم.txt"],
    ["re\u0301sume\u0301.pdf", "résumé.pdf"],
    ['a<b>c:d"e|f?g*h', "a_b_c_d_e_f_g_h"],
    ["a/b\\c", "a_b_c"],
    ["line\nbreak\ttab\u0000nul\u007f\u0085", "line_break_tab_nul__"],
    ["photo\u202egpj.exe", "photogpj.exe"],
    ["a\u200bb\ufeffc\u2028d.txt", "abcd.txt"],
    ["half \ud83d pair", "half \ufffd pair"],
    ["ends in dots...", "ends in dots___"],
    ["  spaces  ", "spaces"],
    ["", "_"],
    ["   ", "_"],
    [".", "_"],
    ["..", "__"],
    [".gitignore", ".gitignore"],
    ["CON", "_CON"],
    ["con.txt", "_con.txt"],
    ["Aux .tar.gz", "_Aux .tar.gz"],
    ["lpt1", "_lpt1"],
    ["COM²", "_COM²"],
    ["conin$", "_conin$"],
    ["console.log", "console.log"],
    ["com10", "com10"],
    ["__proto__", "__proto__"],
  ])("%j becomes %j", (name, portable) => {
    expect(portableName(name)).toBe(portable)
    expect(portableName(portable)).toBe(portable)
  })

  it("is cut to 255 bytes between characters, and keeps its extension", () => {
    const cut = portableName(`${"👩‍👩‍👧".repeat(20)}.tar.gz`)
    expect(cut).toBe(`${"👩‍👩‍👧".repeat(13)}.tar.gz`)
    expect(portableName(`${"e\u0323\u0301".repeat(300)}`).normalize("NFC")).toMatch(/^(ẹ́)+$/)
    expect(portableName("x".repeat(300))).toBe("x".repeat(255))
  })
})

describe("a path", () => {
  it("keeps its folders and cannot leave the archive", () => {
    expect(
      paths(
        "a/b/c.txt",
        "../../etc/passwd",
        "/root.txt",
        "C:\\Windows\\x.dll",
        "a/./d",
        "a//e",
        "a/../f",
      ),
    ).toEqual([
      "a/b/c.txt",
      "__/__/etc/passwd",
      "root.txt",
      "C__Windows_x.dll",
      "a/d",
      "a/e",
      "a/__/f",
    ])
  })

  it("that is taken gets a number before the extension", () => {
    expect(paths("x/a.txt", "x/a.txt", "y/a.txt", "x/a.txt", "x/b.tar.gz", "x/b.tar.gz")).toEqual([
      "x/a.txt",
      "x/a (2).txt",
      "y/a.txt",
      "x/a (3).txt",
      "x/b.tar.gz",
      "x/b (2).tar.gz",
    ])
  })

  it("differs from every other also where case and Unicode form do not matter", () => {
    expect(paths("A.txt", "a.TXT", "é", "e\u0301", "É", "a:", "a?")).toEqual([
      "A.txt",
      "a (2).TXT",
      "é",
      "é (2)",
      "É (3)",
      "a_",
      "a_ (2)",
    ])
  })

  it("skips a number that a file has already", () => {
    expect(paths("a (2)", "a", "a", "a (2)")).toEqual(["a (2)", "a", "a (3)", "a (2) (2)"])
  })

  it("merges two folders that differ only in case, and never a folder with a file", () => {
    expect(paths("Docs/a", "docs/b", "docs", "plan", "plan/x", "plan/y", "PLAN/x")).toEqual([
      "Docs/a",
      "Docs/b",
      "docs (2)",
      "plan",
      "plan (2)/x",
      "plan (2)/y",
      "plan (2)/x (2)",
    ])
  })

  it("that is numbered is no longer than file systems allow", () => {
    const [, second = ""] = paths(`${"ä".repeat(125)}.jpeg`, `${"ä".repeat(125)}.jpeg`)
    expect(second).toBe(`${"ä".repeat(123)} (2).jpeg`)
    expect(new TextEncoder().encode(second).length).toBeLessThanOrEqual(255)
  })
})

test("ten thousand equal names get ten thousand paths", () => {
  const all = paths(...Array.from({ length: 10_000 }, () => "scan.pdf"))
  expect(new Set(all).size).toBe(10_000)
  expect(all.at(-1)).toBe("scan (10000).pdf")
})
