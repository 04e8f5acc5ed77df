import { describe, expect, it } from "vitest"
import { FileInput } from "./file.ts"

const parse = (name: string, contentType?: string) =>
  FileInput.safeParse({ name, size: 1, ...(contentType === undefined ? {} : { contentType }) })

describe("FileInput", () => {
  it.each([
    ["Büro.pdf", "Büro.pdf"],
    ["Bu\u0308ro.pdf", "Büro.pdf"],
    ["C:\\temp\\a.txt", "C:_temp_a.txt"],
    ["..\\..\\x", ".._.._x"],
    ["a\0b\r\nc", "ab c"],
    ["invoice\u202egpj.exe", "invoicegpj.exe"],
    ["\ud800.txt", "\ufffd.txt"],
    ["日本語.txt", "日本語.txt"],
  ])("keeps the valid part of the name %j", (given, kept) => {
    expect(parse(given).data?.name).toBe(kept)
  })

  it.each([
    ...["", " ", ".", "..", "/", "é".repeat(128), "\u200b", "..\u200b", ". .", "..."],
    ...["../../x", "a/b", "/x", "x/"],
  ])("refuses the name %j", (name) => {
    expect(parse(name).success).toBe(false)
  })

  it.each([
    ["text/plain; charset=utf-8", "text/plain; charset=utf-8"],
    [" image/svg+xml ", "image/svg+xml"],
    ["", "application/octet-stream"],
    ["nonsense", "application/octet-stream"],
    ["text/html; x=\r\nX-Evil: 1", "application/octet-stream"],
    ["text/plain; é", "application/octet-stream"],
  ])("reads the type %j as %j", (given, taken) => {
    expect(parse("a", given).data?.contentType).toBe(taken)
  })

  it.each([
    ["", ""],
    ["2026/März/a b", "2026/März/a b"],
    ["Ma\u0308rz", "März"],
    ["a\\b/c\0", "a_b/c"],
    ["a\u200bb/\u202ec", "ab/c"],
  ])("keeps the folder %j as %j", (given, kept) => {
    expect(FileInput.parse({ name: "a", size: 1, path: given }).path).toBe(kept)
  })

  it.each([
    "/a",
    "a/",
    "a//b",
    ".",
    "a/../b",
    "a/ /b",
    "a/..\u200b/b",
    `${"é/".repeat(400)}é`,
    "a/".repeat(513),
  ])("refuses the folder %j", (path) => {
    expect(FileInput.safeParse({ name: "a", size: 1, path }).success).toBe(false)
  })

  it("accepts a hash in either case and nothing else", () => {
    const hash = (sha256: string) => FileInput.safeParse({ name: "a", size: 1, sha256 })

    expect(hash("AB".repeat(32)).data?.sha256).toBe("ab".repeat(32))
    for (const wrong of ["ab", "ab".repeat(33), "zz".repeat(32), ""]) {
      expect(hash(wrong).success).toBe(false)
    }
  })
})
