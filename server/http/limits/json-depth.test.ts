import { describe, expect, it } from "vitest"
import { isTooDeep } from "./json-depth.ts"

const nested = (levels: number) => `${'{"a":['.repeat(levels / 2)}1${"]}".repeat(levels / 2)}`

const deep = (text: string | Buffer) => isTooDeep(Buffer.from(text))

describe("a JSON text", () => {
  it("may nest 32 levels", () => {
    expect(deep(nested(32))).toBe(false)
    expect(deep(nested(34))).toBe(true)
  })

  it("is judged by its brackets outside of strings", () => {
    expect(deep(JSON.stringify({ a: '\\"[[[['.repeat(100), b: [1] }))).toBe(false)
    expect(deep(`["\\\\",${"[".repeat(40)}`)).toBe(true)
  })

  it("is judged after white space and a byte order mark", () => {
    for (const before of [" ".repeat(5_000), "\t\r\n ".repeat(99), "\ufeff", "\ufeff  "]) {
      expect(deep(before + "[".repeat(40))).toBe(true)
    }
  })

  it("does not nest where another character comes first, because a parser stops there", () => {
    expect(deep(`x${"[".repeat(40)}`)).toBe(false)
    expect(deep(`title=${"[".repeat(40)}`)).toBe(false)
    expect(deep("")).toBe(false)
  })
})
