const SEPARATORS = ["\t", ",", ";", "|"] as const

/** Longer fields and rows are cut, so that the rendered size is bounded for any file. */
const MAX_FIELD = 2_000
const MAX_FIELDS = 200

type CsvRows = {
  rows: string[][]
  /** Parses the next piece of the text; a piece may end anywhere. */
  push: (text: string) => void
  /** Ends the text: the remainder is its last row. */
  end: () => void
}

/** Parses rows of separated fields (RFC 4180), at most `maxRows` of them. */
export function readCsv(separator: string, maxRows: number): CsvRows {
  const rows: string[][] = []
  let row: string[] = []
  let field = ""
  let quoted: "no" | "yes" | "maybe over" = "no"
  let afterReturn = false

  const endField = () => {
    if (row.length < MAX_FIELDS) row.push(field)
    field = ""
    quoted = "no"
  }
  const endRow = () => {
    endField()
    const isBlank = row.length === 1 && row[0] === ""
    if (!isBlank) rows.push(row)
    row = []
  }
  const add = (character: string) => {
    if (field.length < MAX_FIELD) field += character
  }
  const readQuoted = (character: string) => {
    if (character === '"') quoted = "maybe over"
    else add(character)
  }
  const readPlain = (character: string) => {
    if (character === separator) endField()
    else if (character === "\n" || character === "\r") endRow()
    else if (character === '"' && field === "" && quoted === "no") quoted = "yes"
    else if (character === '"' && quoted === "maybe over") {
      add('"')
      quoted = "yes"
    } else add(character)
  }

  return {
    rows,
    push(text) {
      for (const character of text) {
        if (rows.length >= maxRows) return
        const isSecondOfTwo = character === "\n" && afterReturn
        afterReturn = character === "\r" && quoted !== "yes"
        if (isSecondOfTwo) continue
        if (quoted === "yes") readQuoted(character)
        else readPlain(character)
      }
    },
    end() {
      if (rows.length < maxRows && (field !== "" || row.length > 0)) endRow()
    },
  }
}

/** The separator that divides the first rows into the most fields of an equal number. */
export function separatorOf(start: string): string {
  let best: { separator: string; fields: number } = { separator: ",", fields: 1 }
  for (const separator of SEPARATORS) {
    const csv = readCsv(separator, 10)
    csv.push(start)
    const counts = csv.rows.map((row) => row.length)
    const fewest = Math.min(...(counts.length > 0 ? counts : [start.split(separator).length]))
    if (fewest > best.fields) best = { separator, fields: fewest }
  }
  return best.separator
}
