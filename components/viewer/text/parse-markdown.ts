import { Marked, type Token, type Tokens } from "marked"

/** A page with more elements takes seconds to lay out. */
const MAX_PARTS = 40_000
/** Short rows are filled up, so that a table can have many more cells than characters. */
const MAX_CELLS = 20_000
const MAX_COLUMNS = 200

/** The tokens of a Markdown text; null if they are too many to be laid out. */
export function parseMarkdown(text: string): Token[] | null {
  let cells = 0
  const marked = new Marked({
    tokenizer: {
      // Returning false continues with the default tokenizer. Counts before the cells are created.
      table(source) {
        const [, head = "", , body = ""] = this.rules.block.table.exec(source) ?? []
        const columns = head.split("|").length
        cells += columns * (body.split("\n").length + 1)
        if (columns > MAX_COLUMNS || cells > MAX_CELLS) throw new RangeError("too large a table")
        return false
      },
    },
  })
  const tokens = marked.lexer(text)
  return hasOver(MAX_PARTS, tokens) ? null : tokens
}

function hasOver(most: number, tokens: Token[]): boolean {
  let count = 0
  const waiting: Token[][] = [tokens]
  for (let next = waiting.pop(); next; next = waiting.pop()) {
    count += next.length
    if (count > most) return true
    for (const token of next) waiting.push(...partsOf(token))
  }
  return false
}

function partsOf(token: Token): Token[][] {
  switch (token.type) {
    case "list":
      return [(token as Tokens.List).items]
    case "table": {
      const { header, rows } = token as Tokens.Table
      return [header, ...rows].flatMap((row) => row.map((cell) => cell.tokens))
    }
    default:
      return [(token as Tokens.Generic).tokens ?? []]
  }
}
