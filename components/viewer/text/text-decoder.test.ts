import { expect, test } from "vitest"
import { textDecoderFor } from "./text-decoder.ts"

const read = (bytes: Uint8Array) => textDecoderFor(bytes)?.decode(bytes)

test("a text is UTF-8 where that is valid, even if its start ends within a character", () => {
  const bytes = new TextEncoder().encode("Übersicht 図面")
  expect(read(bytes)).toBe("Übersicht 図面")
  const decoder = textDecoderFor(bytes.subarray(0, bytes.length - 1))
  expect(decoder?.encoding).toBe("utf-8")
})

test("text that is not UTF-8 is decoded as windows-1252", () => {
  expect(read(Buffer.from("caf\xe9 \x80 5", "latin1"))).toBe("café € 5")
})

test("a byte order mark decides, and is not shown", () => {
  expect(read(Buffer.from("\ufeffzwölf", "utf16le"))).toBe("zwölf")
  expect(read(Buffer.from("\ufeffzwölf", "utf16le").swap16())).toBe("zwölf")
  expect(read(Buffer.from("\ufeffzwölf"))).toBe("zwölf")
})

test("bytes with zeros and without a byte order mark are no text", () => {
  expect(textDecoderFor(Buffer.from("PK\x03\x04\0\0"))).toBeNull()
})
