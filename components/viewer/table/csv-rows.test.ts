import { describe, expect, test } from "vitest"
import { readCsv, separatorOf } from "./csv-rows.ts"

function rowsOf(text: string, { separator = ",", pieces = 1, maxRows = 1_000 } = {}) {
  const csv = readCsv(separator, maxRows)
  const step = Math.max(1, Math.ceil(text.length / pieces))
  for (let at = 0; at < text.length; at += step) csv.push(text.slice(at, at + step))
  csv.end()
  return csv.rows
}

describe("rows of a CSV file", () => {
  const quoted = 'name,note\r\n"North, Nora","said ""yes"",\r\nthen left"\r\n\r\nplain,"",\n'
  const rows = [
    ["name", "note"],
    ["North, Nora", 'said "yes",\r\nthen left'],
    ["plain", "", ""],
  ]

  test("quotes hold separators, line ends and doubled quotes", () => {
    expect(rowsOf(quoted)).toEqual(rows)
  })

  test("pieces may end anywhere, even between the two characters of a line end", () => {
    for (let pieces = 2; pieces <= quoted.length; pieces += 1) {
      expect(rowsOf(quoted, { pieces }), `${pieces} pieces`).toEqual(rows)
    }
  })

  test("parsing stops at the maximum number of rows", () => {
    const many = Array.from({ length: 5_000 }, (_, at) => `${at},x`).join("\n")
    expect(rowsOf(many)).toHaveLength(1_000)
  })

  test("a quote in the middle of a field is a quote", () => {
    expect(rowsOf('5" pipe,6" pipe')).toEqual([['5" pipe', '6" pipe']])
  })

  test("a field of ten million characters is cut", () => {
    const [row] = rowsOf(`"${"x".repeat(10_000_000)}`)
    expect(row?.[0]?.length).toBe(2_000)
  })
})

describe("the separator of a CSV file", () => {
  test.each([
    ["a,b\n1,2\n", ","],
    ["a;b\n1,5;2,5\n", ";"],
    ["a\tb, c\n1\t2, 3 and 4\n", "\t"],
    ['"a;b",c\n"d;e",f\n', ","],
    ["a;b", ";"],
    ["one column\nof text\n", ","],
    ["", ","],
  ])("of %j is %j", (text, separator) => {
    expect(separatorOf(text)).toBe(separator)
  })
})
