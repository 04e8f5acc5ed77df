import "server-only"
import words from "../../messages/en/checks.json" with { type: "json" }
import { CHECKS } from "./check-list.ts"
import type { Finding, Values } from "./finding.ts"

type Text = { sentence: string; fix?: string }

/** A line of the list in words: a tick (`ok`), or a sentence and how to fix it. */
export type CheckLine = {
  id: Finding["id"]
  group: string
  name: string
  state: Finding["state"]
  /** What was found, and its values, for programs. */
  code: string
  values: Values
  sentence: string
  fix: string | null
  /** A text to paste, if the fix says so. */
  paste: string | null
}

/** Returns the lines of findings, for pages, the API and the command line. */
export function describeFindings(findings: Finding[]): CheckLine[] {
  // Another version may have stored findings of other checks.
  return findings.filter(({ id }) => id in CHECKS).map(describe)
}

function describe({ id, state, code, values = {}, paste }: Finding): CheckLine {
  const { name, ...codes } = words.lines[id]
  const texts: Record<string, Text | undefined> = { ...words.every, ...codes }
  const { sentence = code, fix } = texts[code] ?? {}
  return {
    id,
    group: CHECKS[id].group,
    name,
    state,
    code,
    values,
    sentence: fill(sentence, values),
    fix: fix ? fill(fix, values) : null,
    paste: paste ?? null,
  }
}

const fill = (text: string, values: Values) =>
  text.replace(/\{(\w+)\}/g, (all, name: string) => shown(values[name] ?? all))

const INSTANT = /^\d{4}-\d\d-\d\dT[\d:.]+Z$/
const FORM: Intl.DateTimeFormatOptions = {
  day: "numeric",
  month: "long",
  year: "numeric",
  hour: "2-digit",
  minute: "2-digit",
  timeZone: "UTC",
}

/** Values can be texts of other machines, which must not control a terminal. */
const CONTROL = /\p{C}/gu

function shown(value: string | number) {
  if (typeof value === "number" || !INSTANT.test(value)) return String(value).replace(CONTROL, "")
  return `${new Intl.DateTimeFormat("en-GB", FORM).format(new Date(value))} UTC`
}
