/** A token, or what stands between brackets or CASE and END. `gap`: the space before it. */
type Part = { gap: "" | " " } & ({ text: string } | { open: string; inner: Part[]; close: string })

const WIDTH = 100

/** Some words in a row are one token, so that each clause begins with a word of its own. */
const TOKEN =
  /(\s*)(--.*|'(?:[^']|'')*'|(?:ON CONFLICT|DO UPDATE SET|(?:LEFT|CROSS) JOIN|DISTINCT FROM|KEY UPDATE)\b|:?\w+|::|[^\s\w])/g

const CLAUSE =
  /^(SELECT|INSERT|UPDATE|SET|FROM|((LEFT|CROSS) )?JOIN|WHERE|GROUP|ORDER|OFFSET|UNION|ON CONFLICT|RETURNING)$/
const BRANCH = /^(WHEN|ELSE|THEN)$/

/** Lays out SQL in lines of at most a hundred characters where it can. Only white space changes. */
export function formatSql(sql: string): string {
  const tokens = [...sql.matchAll(TOKEN)].map(([, space, text = ""]): Token => {
    return { gap: space && text !== "," ? " " : "", text }
  })
  return linesOf(nested(tokens), 0).join("\n")
}

type Token = Extract<Part, { text: string }>

function nested(tokens: Token[], end = ""): Part[] {
  const parts: Part[] = []
  for (let token = tokens.shift(); token && token.text !== end; token = tokens.shift()) {
    const { gap, text: open } = token
    const close = open === "(" ? ")" : open === "CASE" ? "END" : null
    parts.push(close ? { gap, open, inner: nested(tokens, close), close } : token)
  }
  return parts
}

const wordOf = (part: Part | undefined) => (part && "text" in part ? part.text : "")

const isComment = (part: Part | undefined) => wordOf(part).startsWith("--")

const hasComment = (parts: Part[]): boolean =>
  parts.some((part) => ("inner" in part ? hasComment(part.inner) : isComment(part)))

function inOneLine(parts: Part[]): string {
  const texts = parts.map((part) => {
    if ("text" in part) return part.gap + part.text
    const space = part.open === "CASE" ? " " : ""
    return part.gap + part.open + space + inOneLine(part.inner) + space + part.close
  })
  return texts.join("").trim()
}

const fits = (parts: Part[], indent: number) =>
  !hasComment(parts) && indent + inOneLine(parts).length <= WIDTH

function linesOf(parts: Part[], indent: number): string[] {
  if (fits(parts, indent)) return [" ".repeat(indent) + inOneLine(parts)]
  const clauses = split(parts, (part) => CLAUSE.test(wordOf(part)))
  if (clauses.length > 1) return clauses.flatMap((clause) => linesOf(clause, indent))
  const first = wordOf(parts[0])
  const deeper = indent + (CLAUSE.test(first) || BRANCH.test(first) ? 2 : 0)
  for (const isBreak of [isItem, isThen, isCondition]) {
    const [head = [], ...more] = filled(split(parts, isBreak), deeper)
    if (more.length > 0)
      return [...linesOf(head, indent), ...more.flatMap((part) => linesOf(part, deeper))]
  }
  return opened(parts, indent)
}

type IsBreak = (part: Part, before: Part | undefined) => boolean

const isItem: IsBreak = (part, before) =>
  wordOf(before) === "," || isComment(before) || isComment(part)
const isThen: IsBreak = (part) => wordOf(part) === "THEN"
const isCondition: IsBreak = (part) => /^(AND|OR)$/.test(wordOf(part))

function split(parts: Part[], isBreak: IsBreak): Part[][] {
  const pieces: Part[][] = []
  for (const [index, part] of parts.entries()) {
    const last = pieces.at(-1)
    if (last && !isBreak(part, parts[index - 1])) last.push(part)
    else pieces.push([part])
  }
  return pieces
}

/** Puts plain items of a list in one line, as many as fit. */
function filled(items: Part[][], indent: number): Part[][] {
  const lines: Part[][] = []
  for (const item of items) {
    const last = lines.at(-1)
    const both = [...(last ?? []), ...item]
    const isPlain = wordOf(last?.at(-1)) === "," && both.every((part) => "text" in part)
    if (isPlain && fits(both, indent)) lines.splice(-1, 1, both)
    else lines.push(item)
  }
  return lines
}

/** Gives lines of their own to what stands in the longest of the brackets. */
function opened(parts: Part[], indent: number): string[] {
  const lengths = parts.map((part) => ("inner" in part ? inOneLine([part]).length : 0))
  const at = lengths.indexOf(Math.max(...lengths))
  const part = parts[at]
  if (!part || !("inner" in part)) return [" ".repeat(indent) + inOneLine(parts)]
  const { gap, open, inner, close } = part
  const branches = split(inner, (each) => open === "CASE" && /^(WHEN|ELSE)$/.test(wordOf(each)))
  return [
    " ".repeat(indent) + inOneLine([...parts.slice(0, at), { gap, text: open }]),
    ...branches.flatMap((branch) => linesOf(branch, indent + 2)),
    ...linesOf([{ gap: "", text: close }, ...parts.slice(at + 1)], indent),
  ]
}
