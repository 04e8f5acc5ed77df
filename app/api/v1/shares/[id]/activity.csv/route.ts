import { z } from "zod"
import { parse, readQuery } from "#lib/adapters/http/input.ts"
import { csvLine } from "#lib/adapters/text/csv.ts"
import { english } from "#lib/adapters/text/sentences.ts"
import {
  CHART_RANGES,
  type ChartTimes,
  chartTimes,
  isTimeZone,
} from "#lib/rooms/activity/charts/chart-range.ts"
import {
  CHART_PARTS,
  type ChartPart,
  columnsOf,
  rowsOfPart,
  rowsOfTime,
} from "#lib/rooms/activity/charts/chart-rows.ts"
import type { ShareCounts } from "#lib/rooms/activity/counts.ts"
import { shareCounts } from "#lib/rooms/activity/share-counts.ts"
import { memberRoute } from "#lib/web/api/member-route.ts"

const Query = z.object({
  by: z.enum(["time", ...CHART_PARTS]).default("time"),
  range: z.enum(CHART_RANGES).default("quarter"),
  /** The time zone of the days and hours. */
  zone: z.string().max(100).refine(isTimeZone, english("input_zone")).default("UTC"),
})

/** The number of names that are listed; the others are summed up in one line. */
const NAMES = 1_000

type Context = { params: Promise<{ id: string }> }

/** Returns the data of a share's chart to its owner as CSV. */
export const GET = memberRoute(async ({ id: owner, now }, request, { params }: Context) => {
  const { id } = await params
  const { by, range, zone } = parse(Query, readQuery(request))
  const times = chartTimes(range, zone, now)
  const counts = await shareCounts(owner, id, { since: times.since, names: NAMES })
  const lines = by === "time" ? linesOfTime(counts, times) : linesOfPart(by, counts)
  return new Response(lines.map(csvLine).join(""), {
    headers: {
      "Content-Type": "text/csv; charset=utf-8; header=present",
      "Content-Disposition": `attachment; filename="activity-by-${by}.csv"`,
    },
  })
})
export const HEAD = GET

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
