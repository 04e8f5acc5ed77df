import { describe, expect, it } from "vitest"
import { FileInput } from "./file.ts"

const parse = (name: string, contentType?: string) =>
  FileInput.safeParse({ name, size: 1, ...(contentType === undefined ? {} : { contentType }) })

describe("FileInput", () => {
  it.each([
    ["Büro.pdf", "Büro.pdf"],
    ["Bu\u0308ro.pdf", "Büro.pdf"],
    ["C:\\temp\\a.txt", "C:tempa.txt"],
    ["../../etc/passwd", "....etcpasswd"],
    ["a\0b\r\nc", "abc"],
    ["invoice\u202egpj.exe", "invoicegpj.exe"],
    ["\ud800.txt", "\ufffd.txt"],
    ["日本語.txt", "日本語.txt"],
  ])("keeps of the name %j what is one", (given, kept) => {
    expect(parse(given).data?.name).toBe(kept)
  })

  it.each(["", " ", ".", "..", "/", "é".repeat(128)])("refuses the name %j", (name) => {
    expect(parse(name).success).toBe(false)
  })

  it.each([
    ["text/plain; charset=utf-8", "text/plain; charset=utf-8"],
    [" image/svg+xml ", "image/svg+xml"],
    ["", "application/octet-stream"],
    ["nonsense", "application/octet-stream"],
    ["text/html; x=\r\nX-Evil: 1", "application/octet-stream"],
    ["text/plain; é", "application/octet-stream"],
  ])("takes the type %j for %j", (given, taken) => {
    expect(parse("a", given).data?.contentType).toBe(taken)
  })
})
