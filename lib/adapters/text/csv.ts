/** A line of CSV (RFC 4180), including the line break. */
export const csvLine = (cells: (string | number | null)[]): string =>
  `${cells.map(csvCell).join(",")}\r\n`

/**
 * Text that a spreadsheet would read as a formula, or as white space before one, once its
 * full-width characters are the usual ones.
 */
const FORMULA = /^\s*[=+\-−@\t\r]/

/**
 * Formats a cell. One that a spreadsheet would calculate gets an apostrophe, which makes it a text.
 */
export function csvCell(value: string | number | null): string {
  if (value === null || typeof value === "number") return String(value ?? "")
  const text = FORMULA.test(value.normalize("NFKC")) ? `'${value}` : value
  return /[",\r\n']/.test(text) ? `"${text.replaceAll('"', '""')}"` : text
}
