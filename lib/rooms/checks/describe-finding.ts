import "server-only"
import { z } from "zod"
import {
  type CheckId,
  type Finding,
  STATES,
  type Value,
  Values,
} from "#lib/adapters/findings/finding.ts"
import { jsonTypes } from "#lib/adapters/http/json-types.ts"
import { CATALOGUES } from "#lib/adapters/text/catalogues.ts"
import { formatBytes } from "#lib/adapters/text/format-bytes.ts"
import { dateTimeFormat, numberFormat } from "#lib/adapters/text/intl-formatters.ts"
import { isolateValues } from "#lib/adapters/text/isolate.ts"
import { DEFAULT_LOCALE, directionOf, type Locale } from "#lib/adapters/text/languages.ts"
import { CHECKS } from "./check-list.ts"

type Text = { sentence: string; fix?: string }

/** A line of the list in words: a tick (`ok`), or a sentence and how to fix it. */
export const CheckLine = z.strictObject({
  id: z
    .custom<CheckId>((id) => typeof id === "string" && id in CHECKS)
    .register(jsonTypes, { type: "string" }),
  group: z.string(),
  name: z.string(),
  state: z.enum(STATES),
  /** The code of the finding and its values, for programs. */
  code: z.string(),
  values: Values,
  sentence: z.string(),
  fix: z.string().nullable(),
  /** A text to paste, if the fix needs one. */
  paste: z.string().nullable(),
})
export type CheckLine = z.infer<typeof CheckLine>

export const needsAttention = ({ state }: CheckLine) => state === "fail" || state === "warn"

/**
 * Returns the lines of findings, for pages and the API in the reader's language, and for the
 * command line in English.
 */
export function describeFindings(findings: Finding[], locale = DEFAULT_LOCALE): CheckLine[] {
  // Another version may have stored findings of other checks.
  return findings.filter(({ id }) => id in CHECKS).map((finding) => inWords(finding, locale))
}

function inWords({ id, state, code, values = {}, paste }: Finding, locale: Locale): CheckLine {
  const words = CATALOGUES[locale].checks
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
    sentence: fill(sentence, values, locale),
    fix: fix ? fill(fix, values, locale) : null,
    paste: paste ?? null,
  }
}

function fill(text: string, values: Values, locale: Locale) {
  const texts = Object.entries(values).map(([name, value]): [string, string] => [
    name,
    shown(value, locale),
  ])
  const isolated = isolateValues(Object.fromEntries(texts), directionOf(locale) === "rtl")
  return text.replace(/\{(\w+)\}/g, (all, name: string) => isolated?.[name] ?? all)
}

const INSTANT = /^\d{4}-\d\d-\d\dT[\d:.]+Z$/
const FORM: Intl.DateTimeFormatOptions = {
  day: "numeric",
  month: "long",
  year: "numeric",
  hour: "2-digit",
  minute: "2-digit",
  timeZone: "UTC",
}

/** Matches characters that could control a terminal. Values may come from other machines. */
const CONTROL = /\p{C}/gu

function shown(value: Value, locale: Locale): string {
  if (typeof value === "number") return numberFormat(locale, PLAIN).format(value)
  if (typeof value === "object") return formatBytes(value.bytes, locale)
  if (!INSTANT.test(value)) return value.replace(CONTROL, "")
  const format = dateTimeFormat(locale === "en" ? "en-GB" : locale, FORM)
  return `${format.format(new Date(value))} UTC`
}

/** Formats numbers without grouping, because ports and statuses are numbers too. */
const PLAIN: Intl.NumberFormatOptions = { useGrouping: false }
