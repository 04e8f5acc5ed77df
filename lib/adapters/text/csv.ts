/** A line of CSV (RFC 4180), including the line break. */
export const csvLine = (cells: (string | number | null)[]): string =>
  `${cells.map(csvCell).join(",")}\r\n`

/** Matches text that a spreadsheet runs as a formula. Expects full-width characters normalized. */
const FORMULA = /^\s*[=+\-−@\t\r]/

/** Formats a cell. A text that a spreadsheet would calculate gets an apostrophe. */
export function csvCell(value: string | number | null): string {
  if (value === null || typeof value === "number") return String(value ?? "")
  const text = FORMULA.test(value.normalize("NFKC")) ? `'${value}` : value
  return /[",\r\n']/.test(text) ? `"${text.replaceAll('"', '""')}"` : text
}
