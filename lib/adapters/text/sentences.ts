import "server-only"
import compile from "icu-minify/compile"
import {
  Refusal,
  type RefusalCode,
  type RefusalExtra,
  type SentenceValue,
} from "#lib/adapters/errors.ts"
import { CATALOGUES } from "./catalogues.ts"
import { formatBytes } from "./format-bytes.ts"
import { formatText } from "./format-message.ts"
import { numberFormat, relativeTimeFormat } from "./intl-formatters.ts"
import { isolateValues } from "./isolate.ts"
import { DEFAULT_LOCALE, directionOf, type Locale } from "./languages.ts"
import { typesText } from "./types-text.ts"

const ENGLISH = CATALOGUES.en.refusals

/** The key of a sentence in messages/<language>/refusals.json. */
export type SentenceKey = keyof typeof ENGLISH

type Values = Record<string, SentenceValue>

/** Returns a sentence in the reader's language. */
export function say(key: SentenceKey, values: Values = {}, locale = DEFAULT_LOCALE): string {
  const texts = Object.entries(values).map(([name, value]): [string, string] => [
    name,
    format(value, locale),
  ])
  const isolated = isolateValues(Object.fromEntries(texts), directionOf(locale) === "rtl")
  return CATALOGUES[locale].refusals[key].replace(
    /\{(\w+)\}/g,
    (all, name: string) => isolated?.[name] ?? all,
  )
}

function format(value: SentenceValue, locale: Locale): string {
  if (typeof value === "number") return numberFormat(locale).format(value)
  if (typeof value === "string") return value
  if ("bytes" in value) return formatBytes(value.bytes, locale)
  if ("days" in value) return numberFormat(locale, DAYS).format(value.days)
  if ("types" in value) {
    const named = compile(CATALOGUES[locale].common.fileType)
    return typesText(value.types, (of) => formatText(named, locale, of), locale)
  }
  const { inSeconds } = value
  const relative = relativeTimeFormat(locale)
  if (inSeconds < 60) return relative.format(inSeconds, "seconds")
  return inSeconds <= 7_200
    ? relative.format(Math.ceil(inSeconds / 60), "minutes")
    : relative.format(Math.ceil(inSeconds / 3_600), "hours")
}

const DAYS = { style: "unit", unit: "day", unitDisplay: "long" } as const

/** Makes a refusal whose sentence is shown in the reader's language. */
export const refusal = (
  code: RefusalCode,
  key: SentenceKey,
  values: Values = {},
  extra: Omit<RefusalExtra, "sentence"> = {},
) => new Refusal(code, say(key, values), { ...extra, sentence: { key, values } })

export type Sentence = { key: SentenceKey; values: Values }

/** Makes the message of a schema about a wrong value, which `sentenceOf` reads. */
export const sentence = (key: SentenceKey, values: Values = {}) => JSON.stringify({ key, values })

/** Returns the sentence that is the message of a schema; undefined for a message of zod itself. */
export const sentenceOf = (message: string): Sentence | undefined =>
  message.startsWith("{") ? JSON.parse(message) : undefined

/**
 * Returns the text of a refusal in a language. A refusal without a sentence is meant for programs
 * and is in English; readers of another language get a general sentence instead. The text about a
 * wrong value begins with the name of its field.
 */
export function sayRefusal({ message, sentence, field }: Spoken, locale: Locale): string {
  if (locale === DEFAULT_LOCALE) return message
  if (sentence && !isKey(sentence.key)) return message
  const text =
    sentence && isKey(sentence.key)
      ? say(sentence.key, sentence.values, locale)
      : say("not_valid", {}, locale)
  return message.startsWith(`${field}: `) ? `${field}: ${text}` : text
}

type Spoken = Pick<Refusal, "message" | "sentence" | "field">

const isKey = (key: string): key is SentenceKey => Object.hasOwn(ENGLISH, key)

/** Splits a text into its first sentence, which is the title of a page, and the rest. */
export function splitSentences(text: string): { title: string; rest: string[] } {
  const [title = "", ...rest] = text.split(/(?<=[.؟!?]) |(?<=[。！？])/).filter(Boolean)
  return { title, rest }
}
