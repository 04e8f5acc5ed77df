/** A line of CSV (RFC 4180), including the line break. */
export const csvLine = (cells: (string | number | null)[]): string =>
  `${cells.map(csvCell).join(",")}\r\n`

/**
 * Splits a text after each character that a spreadsheet may take for the end of a cell or a line. In
 * many locales that is a semicolon; there it ignores the quotation marks, which follow a comma.
 */
const CELL_END = /(?<=[;\u037e\ufe14\ufe54\uff1b\t\r\n])/

/** Matches text that a spreadsheet runs as a formula. Expects full-width characters normalized. */
const FORMULA = /^["\s]*[=+\-−@]/

/** Formats a cell. What a spreadsheet would calculate gets an apostrophe. */
export function csvCell(value: string | number | null): string {
  if (value === null || typeof value === "number") return String(value ?? "")
  const parts = value.split(CELL_END)
  const text = parts.map((part) => (isFormula(part) ? `'${part}` : part)).join("")
  return /[",\r\n']/.test(text) ? `"${text.replaceAll('"', '""')}"` : text
}

const isFormula = (part: string) => FORMULA.test(part.normalize("NFKC"))
