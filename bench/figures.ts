/** The middle value; of an even number the upper one of the two. */
export function median(values: number[]) {
  const sorted = values.toSorted((a, b) => a - b)
  return sorted[sorted.length >> 1] ?? 0
}

/** The median of the ratios of the same rounds: what slows one round down slows both. */
export function medianRatio(values: number[], others: number[]) {
  return median(values.map((value, round) => value / (others[round] ?? Number.NaN)))
}

/** Of the ratios of the same rounds: "0.83 (0.80–0.91)". */
export function ratios(values: number[], others: number[]) {
  const each = values.map((value, round) => value / (others[round] ?? Number.NaN))
  const [middle, smallest, largest] = [median(each), Math.min(...each), Math.max(...each)]
  return `${middle.toFixed(2)} (${smallest.toFixed(2)}–${largest.toFixed(2)})`
}

/** "260 (240–270)": median, smallest and largest. */
export function spread(values: number[]) {
  const [middle, smallest, largest] = [median(values), Math.min(...values), Math.max(...values)]
  return `${middle.toFixed(0)} (${smallest.toFixed(0)}–${largest.toFixed(0)})`
}

export const MIB = 1024 ** 2

export function mib(bytes: number) {
  return `${(bytes / MIB).toFixed(0)} MiB`
}

/** KiB with one digit, without the unit. */
export function kib(bytes: number) {
  return (bytes / 1024).toFixed(1)
}

/** A Markdown table, as README.md keeps it. */
export function table(head: string[], rows: string[][]) {
  const line = (cells: string[]) => `| ${cells.join(" | ")} |`
  return [line(head), `|${"---|".repeat(head.length)}`, ...rows.map(line)].join("\n")
}
