import "server-only"
import { z } from "zod"
import { csvLine } from "#lib/adapters/text/csv.ts"
import { sentence } from "#lib/adapters/text/sentences.ts"
import type { OwnerId } from "#lib/rooms/accounts/member.ts"
import type { ShareCounts } from "#lib/rooms/activity/counts.ts"
import { shareCounts } from "#lib/rooms/activity/share-counts.ts"
import { CHART_RANGES, type ChartTimes, chartTimes, isTimeZone } from "./charts/chart-range.ts"
import {
  CHART_PARTS,
  type ChartPart,
  columnsOf,
  rowsOfPart,
  rowsOfTime,
} from "./charts/chart-rows.ts"

export const ChartQuery = z.object({
  by: z.enum(["time", ...CHART_PARTS]).default("time"),
  range: z.enum(CHART_RANGES).default("quarter"),
  /** The time zone of the days and hours. */
  zone: z.string().max(100).refine(isTimeZone, sentence("input_zone")).default("UTC"),
})
type ChartQuery = z.infer<typeof ChartQuery>

/** The number of names that are listed; the others are summed up in one line. */
const NAMES = 1_000

type Asking = { owner: OwnerId; now: Date }

/** Returns the data of a share's chart as CSV. Refuses `not_found`. */
export async function chartCsv(
  { owner, now }: Asking,
  shareId: string,
  { by, range, zone }: ChartQuery,
): Promise<string> {
  const times = chartTimes(range, zone, now)
  const counts = await shareCounts(owner, shareId, { since: times.since, names: NAMES })
  const lines = by === "time" ? linesOfTime(counts, times) : linesOfPart(by, counts)
  return lines.map(csvLine).join("")
}

function linesOfTime(counts: ShareCounts, times: ChartTimes) {
  const columns = ["views", ...counts.shown] as const
  const rows = rowsOfTime(counts, times)
  return [
    [times.step, ...columns],
    ...times.bars.map(({ key }, index) => [key, ...columns.map((of) => rows[index]?.[of] ?? 0)]),
  ]
}

function linesOfPart(part: ChartPart, counts: ShareCounts) {
  const columns = columnsOf(part, counts)
  return [
    [part, ...columns],
    ...rowsOfPart(part, counts).map(({ name, isName, ...row }) => [
      isName ? name : `(${name})`,
      ...columns.map((of) => row[of]),
    ]),
  ]
}
