import type { CompiledMessage, FormatValues } from "icu-minify/format"
import { createElement, Fragment, type ReactNode } from "react"
import { formatBytes } from "#lib/format-bytes.ts"
import { formatParts, formatText } from "./format-message.ts"
import { type MessageKey, messages } from "./messages.ts"

/** The texts of a page in one language. */
export type Words = {
  locale: string
  t: (key: MessageKey, values?: FormatValues<string>) => string
  /** A message whose tags become elements. */
  rich: (key: MessageKey, values: FormatValues<ReactNode>) => ReactNode
  bytes: (value: number) => string
  /** These messages as a script in the browser reads them, safe inside a script element. */
  json: (keys: readonly MessageKey[]) => string
}

const FALLBACK = "en"

function makeWords(locale: string): Words {
  const own = messages[locale] ?? {}
  const find = (key: MessageKey): CompiledMessage => own[key] ?? messages[FALLBACK]?.[key] ?? key
  const jsons = new Map<readonly MessageKey[], string>()
  return {
    locale,
    t: (key, values) => formatText(find(key), locale, values),
    rich: (key, values) => {
      const parts = formatParts<ReactNode>(find(key), locale, values)
      return createElement(Fragment, null, ...parts)
    },
    bytes: (value) => formatBytes(value, locale),
    json: (keys) => {
      const known = jsons.get(keys)
      if (known !== undefined) return known
      const picked = Object.fromEntries(keys.map((key) => [key, find(key)]))
      const text = JSON.stringify(picked).replaceAll("<", "\\u003c")
      jsons.set(keys, text)
      return text
    },
  }
}

const known = new Map(Object.keys(messages).map((locale) => [locale, makeWords(locale)]))

/** The words of one language, English where there are none. */
export function wordsIn(locale: string): Words {
  const words = known.get(locale) ?? known.get(FALLBACK)
  if (!words) throw new Error("there are no messages")
  return words
}
