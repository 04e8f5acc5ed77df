import "server-only"
import { Refusal, type RefusalCode, type RefusalExtra, type SentenceValue } from "#lib/errors.ts"
import ar from "../../messages/ar/refusals.json" with { type: "json" }
import de from "../../messages/de/refusals.json" with { type: "json" }
import en from "../../messages/en/refusals.json" with { type: "json" }
import es from "../../messages/es/refusals.json" with { type: "json" }
import fr from "../../messages/fr/refusals.json" with { type: "json" }
import ja from "../../messages/ja/refusals.json" with { type: "json" }
import ptBR from "../../messages/pt-BR/refusals.json" with { type: "json" }
import zhCN from "../../messages/zh-CN/refusals.json" with { type: "json" }
import { numberFormat, relativeTimeFormat } from "./intl-formatters.ts"
import { DEFAULT_LOCALE, type Locale } from "./languages.ts"

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

type Values = Record<string, SentenceValue>

/** A sentence that a visitor may read, in their language. */
export function say(key: SentenceKey, values: Values = {}, locale = DEFAULT_LOCALE): string {
  return SENTENCES[locale][key].replace(/\{(\w+)\}/g, (all, name: string) => {
    const value = values[name]
    return value === undefined ? all : format(value, locale)
  })
}

function format(value: SentenceValue, locale: Locale): string {
  if (typeof value === "number") return numberFormat(locale).format(value)
  if (typeof value === "string") return value
  const { inSeconds } = value
  const relative = relativeTimeFormat(locale)
  return inSeconds < 60
    ? relative.format(inSeconds, "seconds")
    : relative.format(Math.ceil(inSeconds / 60), "minutes")
}

/** Makes a refusal that a visitor may get, with a sentence in the reader's language. */
export const refusal = (
  code: RefusalCode,
  key: SentenceKey,
  values: Values = {},
  extra: Omit<RefusalExtra, "sentence"> = {},
) => new Refusal(code, say(key, values), { ...extra, sentence: { key, values } })

/**
 * Returns the text of a refusal in a language. Refusals that only a member or a program can get are
 * in English; a reader of another language gets a general sentence.
 */
export function sayRefusal({ message, sentence }: Spoken, locale: Locale): string {
  if (locale === DEFAULT_LOCALE) return message
  if (!sentence) return say("not_valid", {}, locale)
  return isKey(sentence.key) ? say(sentence.key, sentence.values, locale) : message
}

type Spoken = Pick<Refusal, "message" | "sentence">

const isKey = (key: string): key is SentenceKey => Object.hasOwn(en, key)

/** Splits a text into its first sentence, which is the title of a page, and the rest. */
export function splitSentences(text: string): { title: string; rest: string[] } {
  const [title = "", ...rest] = text.split(/(?<=[.؟!?]) |(?<=[。！？])/).filter(Boolean)
  return { title, rest }
}
