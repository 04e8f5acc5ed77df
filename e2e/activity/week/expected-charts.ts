import { actsOf, byDay, countsOf } from "./expected.ts"
import type { Planned, Week } from "./start-week.ts"

type Column = "views" | "previews" | "downloads"
const KINDS = { views: "view", previews: "preview", downloads: "claim" } as const
const TITLES = { views: "Views", previews: "Previews", downloads: "Downloads" }

/** The columns of charts over time. */
export function columnsOf(week: Week, plan: Planned): Column[] {
  const { downloads, viewers } = countsOf(week, plan)
  if (!plan.conditions.viewOnly) return ["views", "downloads"]
  return ["views", "previews", ...(downloads > viewers ? (["downloads"] as const) : [])]
}

/** The days of a column, of some shares. */
export const daysOf = (week: Week, plans: Planned[], column: Column, zone: string) =>
  byDay(
    week,
    plans
      .flatMap((plan) => actsOf(week, plan))
      .filter(({ kind, again }) => kind === KINDS[column] && !again),
    zone,
  )

export function chartLabel(name: string, days: Map<string, number>) {
  const all = [...days.values()]
  const sum = all.reduce((total, count) => total + count, 0)
  return `${name}, the last 30 days: ${sum} in total, at most ${Math.max(0, ...all)} in a day.`
}

/** The label of the chart over time, which names what has something to show; none without. */
export function chartLabels(week: Week, plan: Planned, zone: string): string[] {
  const labels = columnsOf(week, plan)
    .map((column) => ({ column, days: daysOf(week, [plan], column, zone) }))
    .filter(({ days }) => days.size > 0)
    .map(({ column, days }) => chartLabel(TITLES[column], days))
  return labels.length > 0 ? [labels.join(" ")] : []
}
