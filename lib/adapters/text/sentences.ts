import "server-only"
import compile from "icu-minify/compile"
import {
  Refusal,
  type RefusalCode,
  type RefusalExtra,
  type SentenceValue,
} from "#lib/adapters/errors.ts"
import arCommon from "../../../messages/ar/common.json" with { type: "json" }
import ar from "../../../messages/ar/refusals.json" with { type: "json" }
import deCommon from "../../../messages/de/common.json" with { type: "json" }
import de from "../../../messages/de/refusals.json" with { type: "json" }
import enCommon from "../../../messages/en/common.json" with { type: "json" }
import en from "../../../messages/en/refusals.json" with { type: "json" }
import esCommon from "../../../messages/es/common.json" with { type: "json" }
import es from "../../../messages/es/refusals.json" with { type: "json" }
import frCommon from "../../../messages/fr/common.json" with { type: "json" }
import fr from "../../../messages/fr/refusals.json" with { type: "json" }
import jaCommon from "../../../messages/ja/common.json" with { type: "json" }
import ja from "../../../messages/ja/refusals.json" with { type: "json" }
import ptBRCommon from "../../../messages/pt-BR/common.json" with { type: "json" }
import ptBR from "../../../messages/pt-BR/refusals.json" with { type: "json" }
import zhCNCommon from "../../../messages/zh-CN/common.json" with { type: "json" }
import zhCN from "../../../messages/zh-CN/refusals.json" with { type: "json" }
import { formatBytes } from "./format-bytes.ts"
import { formatText } from "./format-message.ts"
import { numberFormat, relativeTimeFormat } from "./intl-formatters.ts"
import { isolateValues } from "./isolate.ts"
import { DEFAULT_LOCALE, directionOf, type Locale } from "./languages.ts"
import { typesText } from "./types-text.ts"

/** The key of a sentence in messages/<language>/refusals.json. */
export type SentenceKey = keyof typeof en

const SENTENCES: Record<Locale, Record<SentenceKey, string>> = {
  en,
  de,
  fr,
  es,
  "pt-BR": ptBR,
  ja,
  "zh-CN": zhCN,
  ar,
}

/** The message that names a type of files, of each language. */
const FILE_TYPE: Record<Locale, string> = {
  en: enCommon.fileType,
  de: deCommon.fileType,
  fr: frCommon.fileType,
  es: esCommon.fileType,
  "pt-BR": ptBRCommon.fileType,
  ja: jaCommon.fileType,
  "zh-CN": zhCNCommon.fileType,
  ar: arCommon.fileType,
}

type Values = Record<string, SentenceValue>

/** Returns a sentence in the reader's language. */
export function say(key: SentenceKey, values: Values = {}, locale = DEFAULT_LOCALE): string {
  const texts = Object.entries(values).map(([name, value]): [string, string] => [
    name,
    format(value, locale),
  ])
  const isolated = isolateValues(Object.fromEntries(texts), directionOf(locale) === "rtl")
  return SENTENCES[locale][key].replace(
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
    const named = compile(FILE_TYPE[locale])
    return typesText(value.types, (of) => formatText(named, locale, of), locale)
  }
  const { inSeconds } = value
  const relative = relativeTimeFormat(locale)
  return inSeconds < 60
    ? relative.format(inSeconds, "seconds")
    : relative.format(Math.ceil(inSeconds / 60), "minutes")
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

const inSchemas = new Map<string, Sentence>()

/** Returns the English sentence about a wrong value. `sentenceOf` finds its key by the text. */
export function english(key: SentenceKey, values: Values = {}): string {
  const text = say(key, values)
  inSchemas.set(text, { key, values })
  return text
}

/** Makes an issue for a schema's `superRefine`, with values that depend on the input. */
export const wrongValue = (sentence: Sentence) => ({
  code: "custom" as const,
  message: say(sentence.key, sentence.values),
  params: { sentence },
})

/** Returns the sentence that `english` made with this text; undefined if there is none. */
export const sentenceOf = (text: string): Sentence | undefined => inSchemas.get(text)

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

const isKey = (key: string): key is SentenceKey => Object.hasOwn(en, key)

/** Splits a text into its first sentence, which is the title of a page, and the rest. */
export function splitSentences(text: string): { title: string; rest: string[] } {
  const [title = "", ...rest] = text.split(/(?<=[.؟!?]) |(?<=[。！？])/).filter(Boolean)
  return { title, rest }
}
