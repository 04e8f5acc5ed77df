/** A line of CSV (RFC 4180), with its end. */
export const csvLine = (cells: (string | number | null)[]): string =>
  `${cells.map(csvCell).join(",")}\r\n`

/** What a spreadsheet would take for a formula, or for white space before one. */
const FORMULA = /^\s*[=+\-@\t\r]/

/** A cell that a spreadsheet would calculate gets an apostrophe, which makes it a text. */
export function csvCell(value: string | number | null): string {
  if (value === null || typeof value === "number") return String(value ?? "")
  const text = FORMULA.test(value) ? `'${value}` : value
  return /[",\r\n']/.test(text) ? `"${text.replaceAll('"', '""')}"` : text
}
