import { parseEnv } from "node:util"
import { SetupError } from "#lib/adapters/errors.ts"

const LINE = /^\s*(?:export\s+)?([A-Za-z_]\w*)\s*=(.*)$/
/** Matches a line break and another setting, which means that a quote was not closed. */
const SWALLOWED = /\n\s*(?:export\s+)?[A-Z][A-Z0-9_]*\s*=/

/**
 * Throws a SetupError for the first value in a settings file that would be cut at a `#` or at a
 * quote. Otherwise a truncated password would be reported as wrong much later. Ignores values for
 * which `isUsed` is false.
 */
export function requireWholeValues(
  file: string,
  text: string,
  isUsed: (name: string) => boolean,
): void {
  const values = parseEnv(text)
  for (const [index, line] of text.split("\n").entries()) {
    const [, name = "", raw = ""] = LINE.exec(line) ?? []
    const value = values[name]
    if (value === undefined || !isUsed(name)) continue // inside quotes that span lines, or empty
    const problem = problemOf(raw, value)
    if (!problem) continue
    const [kind, quote] = /.'./.test(raw.trim()) ? ["double", '"'] : ["single", "'"]
    throw new SetupError(
      `${file}, line ${index + 1}: ${name} ${problem}. Put all of it into ${kind} quotes: ${name}=${quote}…${quote}.`,
    )
  }
}

/** Returns the fault of a value as it is written; null if it is read unchanged. */
function problemOf(raw: string, value: string): string | null {
  const written = raw.trim()
  if (written === "") return value ? "is empty with a space, so the next line is read for it" : null
  const quote = /^["'`]/.exec(written)?.[0]
  if (quote === undefined) {
    const isCut = /^[^#]*[^\s#]#/.test(written) || /^#\S/.test(raw)
    return isCut ? "is read only up to its #, which begins a comment there" : null
  }
  const end = written.indexOf(quote, 1)
  if (end === -1) {
    const isOpen = value.startsWith(quote) || SWALLOWED.test(value)
    return isOpen ? `begins with ${quote} and has no other one at its end` : null
  }
  return /^\s*(#.*)?$/.test(written.slice(end + 1))
    ? null
    : `is read only up to its second ${quote}`
}
