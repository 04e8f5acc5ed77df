/** The median; of an even number of values, the upper one of the middle two. */
export function median(values: number[]) {
  const sorted = values.toSorted((a, b) => a - b)
  return sorted[sorted.length >> 1] ?? 0
}

/** The median of ratios within a round: a slow round slows both figures. */
export function medianRatio(values: number[], others: number[]) {
  return median(values.map((value, round) => value / (others[round] ?? Number.NaN)))
}

/** Formats the ratios within each round: "0.83 (0.80–0.91)". */
export function ratios(values: number[], others: number[]) {
  const each = values.map((value, round) => value / (others[round] ?? Number.NaN))
  const [middle, smallest, largest] = [median(each), Math.min(...each), Math.max(...each)]
  return `${middle.toFixed(2)} (${smallest.toFixed(2)}–${largest.toFixed(2)})`
}

/** Formats median, smallest and largest: "260 (240–270)". */
export function spread(values: number[]) {
  const [middle, smallest, largest] = [median(values), Math.min(...values), Math.max(...values)]
  return `${middle.toFixed(0)} (${smallest.toFixed(0)}–${largest.toFixed(0)})`
}

export const MIB = 1024 ** 2

export function mib(bytes: number) {
  return `${(bytes / MIB).toFixed(0)} MiB`
}

/** Formats a rate in bytes per second. */
export const mibPerSecond = (rate: number) => `${(rate / MIB).toFixed(0).padStart(4)} MiB/s`

/** Formats bytes as KiB with one decimal, without the unit. */
export function kib(bytes: number) {
  return (bytes / 1024).toFixed(1)
}

/** Formats a Markdown table, as in README.md. */
export function table(head: string[], rows: string[][]) {
  const line = (cells: string[]) => `| ${cells.join(" | ")} |`
  return [line(head), `|${"---|".repeat(head.length)}`, ...rows.map(line)].join("\n")
}
