import type { Counts, NamedCounts, ShareCounts } from "#lib/rooms/activity/counts.ts"
import type { ChartTimes } from "./chart-range.ts"

/** The parts besides time into which a chart splits the counts of a share. */
export const CHART_PARTS = ["file", "recipient"] as const
export type ChartPart = (typeof CHART_PARTS)[number]

/** A row without a name. Earlier versions counted a claim of some files as "several". */
type NoName = "several" | "others" | "unnamed" | "erased"

type ChartRow = {
  key: string
  name: string | NoName
  isName: boolean
  views: number
  downloads: number
  previews: number
}

type TimeRow = { views: number; downloads: number; previews: number }

/** The counts of each bar. */
export function rowsOfTime({ quarters }: ShareCounts, { bars, barOf }: ChartTimes): TimeRow[] {
  const rows = bars.map(() => ({ views: 0, downloads: 0, previews: 0 }))
  for (const { at, views, claims, previews } of quarters) {
    const row = rows[barOf(at) ?? -1]
    if (!row) continue
    row.views += views
    row.downloads += claims
    row.previews += previews
  }
  return rows
}

export const columnsOf = (
  part: ChartPart,
  { shown }: Pick<ShareCounts, "shown">,
): ("views" | "downloads" | "previews")[] => {
  if (part === "recipient") return ["views", ...shown]
  return shown.includes("previews") ? shown : ["downloads", "previews"]
}

/**
 * Returns the counts by name, largest first, then the others and those without a name. For files it
 * counts each download link, including those that a ticket covers; for recipients it counts claims.
 */
export function rowsOfPart(part: ChartPart, counts: ShareCounts): ChartRow[] {
  const named = counts[`${part}s`]
  const rows = named.map((each) => rowOf(part, each))
  const rest = part === "file" ? null : linkForEveryone(counts, rows)
  const size = sizeOf(part, counts)
  return [...rows, ...(rest ? [rest] : [])].sort(
    (one, other) => Number(isRest(one)) - Number(isRest(other)) || size(other) - size(one),
  )
}

const isRest = ({ isName, name }: ChartRow) => !isName && (name === "others" || name === "unnamed")

/** Returns the number that a row's bar shows, which is the first column. */
export const sizeOf = (part: ChartPart, counts: Pick<ShareCounts, "shown">) => {
  const [column = "views"] = columnsOf(part, counts)
  return (row: ChartRow) => row[column]
}

function rowOf(part: ChartPart, { id, name, ...counts }: NamedCounts): ChartRow {
  const { views, previews } = counts
  const downloads = part === "file" ? counts.claims + counts.mints : counts.claims
  const numbers = { views, downloads, previews }
  if (id === "") return { key: "", name: "others", isName: false, ...numbers }
  if (id === "several") return { key: id, name: id, isName: false, ...numbers }
  if (name === "") return { key: id, name: "erased", isName: false, ...numbers }
  return { key: id, name: name ?? "unnamed", isName: name !== null, ...numbers }
}

/** The row of links without a recipient; null if no link has a recipient. */
function linkForEveryone({ quarters }: ShareCounts, rows: ChartRow[]): ChartRow | null {
  if (rows.length === 0) return null
  const sum = (of: (counts: Counts) => number) => quarters.reduce((all, each) => all + of(each), 0)
  const views = sum((each) => each.views) - rows.reduce((all, row) => all + row.views, 0)
  const downloads = sum((each) => each.claims) - rows.reduce((all, row) => all + row.downloads, 0)
  const previews = sum((each) => each.previews) - rows.reduce((all, row) => all + row.previews, 0)
  if (views + downloads + previews === 0) return null
  return { key: "unnamed", name: "unnamed", isName: false, views, downloads, previews }
}
