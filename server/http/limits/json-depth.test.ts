import { describe, expect, it } from "vitest"
import { isTooDeep } from "./json-depth.ts"

const nested = (levels: number) => `${'{"a":['.repeat(levels / 2)}1${"]}".repeat(levels / 2)}`

const deep = (text: string | Buffer) => isTooDeep(Buffer.from(text))

describe("a JSON text", () => {
  it("may nest 32 levels", () => {
    expect(deep(nested(32))).toBe(false)
    expect(deep(nested(34))).toBe(true)
  })

  it("nests by its brackets alone, not by those in its strings", () => {
    expect(deep(JSON.stringify({ a: '\\"[[[['.repeat(100), b: [1] }))).toBe(false)
    expect(deep(`["\\\\",${"[".repeat(40)}`)).toBe(true)
  })

  it("hides no depth behind white space or a byte order mark", () => {
    for (const before of [" ".repeat(5_000), "\t\r\n ".repeat(99), "\ufeff", "\ufeff  "]) {
      expect(deep(before + "[".repeat(40))).toBe(true)
    }
  })

  it("is none where another character comes first: no parser goes on there", () => {
    expect(deep(`x${"[".repeat(40)}`)).toBe(false)
    expect(deep(`title=${"[".repeat(40)}`)).toBe(false)
    expect(deep("")).toBe(false)
  })
})
