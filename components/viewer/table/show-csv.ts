import { numberFormat } from "#lib/adapters/text/intl-formatters.ts"
import { element } from "../element.ts"
import { locale, t } from "../host.ts"
import type { Stage } from "../stage.ts"
import { MIB, readRange } from "../text/read-range.ts"
import { readStart, scrollRegion, showPlainText } from "../text/show-text.ts"
import { readCsv, separatorOf } from "./csv-rows.ts"

const MAX_ROWS = 1_000
const MAX_COLUMNS = 50
/** A table with more cells takes seconds to lay out. */
const MAX_CELLS = 20_000
const MAX_CHARACTERS = 500_000
/** The most bytes that are read to find the first rows; longer rows do not fit into a table. */
const MAX_BYTES = 8 * MIB
const FIRST = 256 * 1024

/** Shows the first rows of separated fields as a table. */
export async function showCsv(stage: Stage) {
  const { file } = stage
  const start = await readStart(stage, FIRST)
  if (!start) return
  if (file.size === 0) return showPlainText(stage, start)
  // One additional row shows that there are more, and the first one is the heading.
  const csv = readCsv(separatorOf(start.text.slice(0, 20_000)), MAX_ROWS + 2)
  csv.push(start.text)
  let bytes = start.bytes
  const isEnough = () => csv.rows.length > MAX_ROWS + 1 || bytes >= MAX_BYTES || bytes >= file.size
  while (!isEnough()) {
    const read = await readRange(stage, bytes, bytes + MIB)
    if (!read) return
    if (read.length === 0) break
    bytes += read.length
    csv.push(start.decoder.decode(read, { stream: true }))
  }
  if (bytes >= file.size) csv.end()
  stage.show(scrollRegion(stage, ...drawTable(csv.rows, bytes >= file.size)))
}

function drawTable(all: string[][], isWhole: boolean): HTMLElement[] {
  const widest = all.reduce((width, row) => Math.max(width, row.length), 0)
  const width = Math.min(widest, MAX_COLUMNS)
  const shown = all.slice(0, countDrawable(all, width))
  const isPart = !isWhole || shown.length < all.length
  const [head = [], ...rest] = shown
  const row = (fields: string[], tag: "th" | "td") => {
    const drawn = element("tr")
    for (let at = 0; at < width; at += 1) {
      const attributes = tag === "th" ? { scope: "col", dir: "auto" } : { dir: "auto" }
      drawn.append(element(tag, attributes, fields[at] ?? ""))
    }
    return drawn
  }
  const body = element("tbody", {}, ...rest.map((fields) => row(fields, "td")))
  const table = element(
    "table",
    { class: "viewer-table" },
    element("thead", {}, row(head, "th")),
    body,
  )
  const count = (value: number) => numberFormat(locale, {}).format(value)
  const notes = [
    ...(isPart ? [t("rows", { count: rest.length })] : []),
    ...(widest > width ? [t("columns", { shown: count(width), count: count(widest) })] : []),
  ]
  if (notes.length === 0) return [table]
  return [table, element("p", { class: "viewer-fine" }, notes.join(" "))]
}

/**
 * The number of rows that a page can lay out, including the heading and at least one row below it.
 */
function countDrawable(rows: string[][], width: number): number {
  const most = Math.min(MAX_ROWS, Math.floor(MAX_CELLS / Math.max(width, 1))) + 1
  let characters = 0
  const over = rows.findIndex((row) => {
    for (const field of row.slice(0, width)) characters += field.length
    return characters > MAX_CHARACTERS
  })
  return Math.min(most, over < 0 ? rows.length : Math.max(over, 2))
}
