import { median, table } from "./figures.ts"

/** The goal for the median. */
export type Goal = { least: number } | { most: number }

/** A row of the table: a measure and its goal. README.md says how parts report. */
export type Measure = {
  measure: string
  /** The denominator of the ratios; figures that are not ratios have a unit. */
  against?: string
  unit?: string
  /** One figure per round. */
  figures: number[]
  goal?: Goal
}

/** A measure as the run of all parts receives it. */
export type Result = Omit<Measure, "figures"> & {
  median: number
  minimum: number
  maximum: number
  rounds: number
  /** Null without a goal. */
  reached: boolean | null
}

/**
 * Prints the results of a part, and passes them to the run of all parts. May be called more than
 * once.
 */
export function report(measures: Measure[]) {
  const results = measures.map(toResult)
  console.log(`\n${resultTable(results)}`)
  process.send?.(results)
}

/** The ratios within each round: a slow round slows both figures. */
export const ratiosOf = (values: number[], others: number[]) =>
  values.map((value, round) => value / (others[round] ?? Number.NaN))

export function resultTable(results: Result[]) {
  const head = ["measure", "against", "goal", "median (smallest–largest)", "rounds", "reached"]
  return table(head, results.map(row))
}

function toResult({ figures, ...rest }: Measure): Result {
  if (figures.length === 0) throw new Error(`${rest.measure} has no figure.`)
  const middle = median(figures)
  return {
    ...rest,
    median: middle,
    minimum: Math.min(...figures),
    maximum: Math.max(...figures),
    rounds: figures.length,
    reached: rest.goal ? reaches(middle, rest.goal) : null,
  }
}

const reaches = (value: number, goal: Goal) =>
  "least" in goal ? value >= goal.least : value <= goal.most

function row({ measure, against = "", unit, goal, reached, ...figures }: Result) {
  const text = (value: number) => (unit ? round(value) : value.toFixed(2))
  const { median, minimum, maximum, rounds } = figures
  return [
    measure,
    against,
    goal ? `${"least" in goal ? `≥ ${goal.least}` : `≤ ${goal.most}`}${unitOf(unit)}` : "",
    `${text(median)}${unitOf(unit)} (${text(minimum)}–${text(maximum)})`,
    String(rounds),
    reached === null ? "" : reached ? "yes" : "**no**",
  ]
}

const unitOf = (unit: string | undefined) => (unit ? ` ${unit}` : "")

/** Rounds to three significant digits. */
const round = (value: number) =>
  value.toFixed(Math.abs(value) >= 100 ? 0 : Math.abs(value) >= 10 ? 1 : 2)
