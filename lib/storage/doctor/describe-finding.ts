import "server-only"
import type words from "../../../messages/en/doctor.json"
import type { CheckId, Values } from "./finding.ts"

type Words = Pick<typeof words, "checks" | "every">
type Text = { sentence: string; fix?: string }

/** A finding of a check in words. */
export type DescribedFinding = { name: string; sentence: string; fix: string | null }

/** Returns the words of a finding, for pages and the command line. */
export function describeFinding(
  { checks, every }: Words,
  { id, code, values = {} }: { id: CheckId; code: string; values?: Values },
): DescribedFinding {
  const { name, ...codes } = checks[id]
  const texts: Record<string, Text | undefined> = { ...every, ...codes }
  const text = texts[code]
  // A stored finding of another version may have an unknown code.
  if (!text) return { name, sentence: code, fix: null }
  return {
    name,
    sentence: fill(text.sentence, values),
    fix: text.fix ? fill(text.fix, values) : null,
  }
}

const fill = (text: string, values: Values) =>
  text.replace(/\{(\w+)\}/g, (all, name: string) => String(values[name] ?? all))
