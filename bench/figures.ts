export const MIB = 1024 ** 2

/** The median; of an even number of values, the upper one of the middle two. */
export function median(values: number[]) {
  const sorted = values.toSorted((a, b) => a - b)
  return sorted[sorted.length >> 1] ?? 0
}

/** The value that this part of the values does not exceed, such as 0.99. */
export function percentile(values: number[], part: number) {
  return values.toSorted((a, b) => a - b)[Math.ceil(values.length * part) - 1] ?? 0
}

/** Formats a Markdown table, as in README.md. */
export function table(head: string[], rows: string[][]) {
  const line = (cells: string[]) => `| ${cells.join(" | ")} |`
  return [line(head), `|${"---|".repeat(head.length)}`, ...rows.map(line)].join("\n")
}
