import { describe, expect, it } from "vitest"
import { cpuMs } from "#testing/cpu-ms.ts"
import { parseMarkdown } from "./parse-markdown.ts"

const table = (columns: number, rows: number) =>
  `|${"a|".repeat(columns)}\n|${"-|".repeat(columns)}\n${"|\n".repeat(rows)}`

const parsed = (text: string) => {
  try {
    return parseMarkdown(text)
  } catch {
    return null
  }
}

describe("Markdown", () => {
  it.each([
    ["a wide table", table(201, 0)],
    ["a table whose short rows are filled up to 15 million cells", table(150, 100_000)],
    ["many tables", `${table(100, 20)}\n`.repeat(10)],
    ["words in bold", "**a** ".repeat(20_000)],
    ["lists", "- a\n".repeat(20_000)],
    ["quotes", "> a\n\nb\n\n".repeat(20_000)],
  ])("of too much of %s to be laid out gives no tokens", (_what, text) => {
    const began = cpuMs()
    expect(parsed(text)).toBeNull()
    expect(cpuMs() - began).toBeLessThan(4_000)
  })

  it("of a long document gives all of its tokens", () => {
    const chapter = `## A\n\nA *word* and \`code\`.\n\n- a\n- b\n\n${table(5, 10)}\n`
    const tokens = parsed(`| not | a table\n\n${chapter.repeat(100)}`)
    expect(tokens?.filter(({ type }) => type === "table")).toHaveLength(100)
  })
})
