import type { Counts, NamedCounts, ShareCounts } from "#lib/activity/counts.ts"
import type { ChartTimes } from "./chart-range.ts"

/** The parts, besides the time, by which a chart shows the counts of a share. */
export const CHART_PARTS = ["file", "recipient"] as const
export type ChartPart = (typeof CHART_PARTS)[number]

/** The kind of a row that has no name. */
export type NoName = "all" | "several" | "others" | "unnamed"

export type ChartRow = {
  key: string
  name: string | NoName
  isName: boolean
  views: number
  downloads: number
  previews: number
}

type TimeRow = { views: number; downloads: number }

/** The views and downloads of each bar. */
export function rowsOfTime({ quarters }: ShareCounts, { bars, barOf }: ChartTimes): TimeRow[] {
  const rows = bars.map(() => ({ views: 0, downloads: 0 }))
  for (const { at, views, claims } of quarters) {
    const row = rows[barOf(at) ?? -1]
    if (!row) continue
    row.views += views
    row.downloads += claims
  }
  return rows
}

/**
 * The counts by name, the largest first, then the others and those without a name. For files it
 * counts each started download, also those that a ticket covers; for recipients it counts claims.
 */
export function rowsOfPart(part: ChartPart, counts: ShareCounts): ChartRow[] {
  const named = counts[`${part}s`]
  const rows = named.map((each) => rowOf(part, each))
  const rest = part === "file" ? null : linkForEveryone(counts, rows)
  return [...rows, ...(rest ? [rest] : [])].sort(
    (one, other) =>
      Number(isRest(one)) - Number(isRest(other)) || sizeOf(part, other) - sizeOf(part, one),
  )
}

const isRest = ({ isName, name }: ChartRow) => !isName && (name === "others" || name === "unnamed")

/** The number that the bar of a row shows. */
export const sizeOf = (part: ChartPart, { views, downloads }: ChartRow) =>
  part === "file" ? downloads : views

const OF_FILES = new Set(["all", "several"])

function rowOf(part: ChartPart, { id, name, ...counts }: NamedCounts): ChartRow {
  const { views, previews } = counts
  const downloads = part === "file" ? counts.claims + counts.mints : counts.claims
  const numbers = { views, downloads, previews }
  if (id === "") return { key: "", name: "others", isName: false, ...numbers }
  if (part === "file" && OF_FILES.has(id))
    return { key: id, name: id === "all" ? "all" : "several", isName: false, ...numbers }
  return { key: id, name: name ?? "unnamed", isName: name !== null, ...numbers }
}

/** The row of links without a recipient; null if no link has a recipient. */
function linkForEveryone({ quarters }: ShareCounts, rows: ChartRow[]): ChartRow | null {
  if (rows.length === 0) return null
  const sum = (of: (counts: Counts) => number) => quarters.reduce((all, each) => all + of(each), 0)
  const views = sum((each) => each.views) - rows.reduce((all, row) => all + row.views, 0)
  const downloads = sum((each) => each.claims) - rows.reduce((all, row) => all + row.downloads, 0)
  if (views + downloads === 0) return null
  return { key: "unnamed", name: "unnamed", isName: false, views, downloads, previews: 0 }
}
