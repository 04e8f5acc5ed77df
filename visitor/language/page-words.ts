import type { CompiledMessage, FormatValues } from "icu-minify/format"
import { createElement, Fragment, type ReactNode } from "react"
import { formatBytes } from "#lib/adapters/text/format-bytes.ts"
import { formatParts, formatText } from "#lib/adapters/text/format-message.ts"
import { isolateValues } from "#lib/adapters/text/isolate.ts"
import { DEFAULT_LOCALE, directionOf, type Locale } from "#lib/adapters/text/languages.ts"
import { type MessageKey, messages } from "./compiled-messages.ts"

/** The translations of a page in one language. */
export type Words = {
  locale: Locale
  direction: "ltr" | "rtl"
  t: (key: MessageKey, values?: FormatValues<string>) => string
  /** Formats a message whose tags become elements. */
  rich: (key: MessageKey, values: FormatValues<ReactNode>) => ReactNode
  bytes: (value: number) => string
  /** Serializes messages for a script in the browser, safe inside a script element. */
  json: (keys: readonly MessageKey[]) => string
}

function makeWords(locale: Locale): Words {
  const own = messages[locale]
  const direction = directionOf(locale)
  const isRightToLeft = direction === "rtl"
  const find = (key: MessageKey): CompiledMessage => own[key] ?? key
  const jsons = new Map<readonly MessageKey[], string>()
  return {
    locale,
    direction,
    t: (key, values) => {
      const message = find(key)
      if (typeof message === "string") return message
      const isolated = isolateValues(values, isRightToLeft)
      return insertValues(message, isolated) ?? formatText(message, locale, isolated)
    },
    rich: (key, values) => {
      const parts = formatParts<ReactNode>(find(key), locale, isolateValues(values, isRightToLeft))
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

/** A message that only inserts values, as most do, without formatting it; null for any other. */
function insertValues(
  message: Exclude<CompiledMessage, string>,
  values: FormatValues<string> | undefined,
): string | null {
  let text = ""
  for (const part of message) {
    if (typeof part === "string") text += part
    else if (Array.isArray(part) && part.length === 1) text += String(values?.[part[0]])
    else return null
  }
  return text
}

const known = new Map<Locale, Words>()

/** The translations of one language. */
export function wordsIn(locale: Locale = DEFAULT_LOCALE): Words {
  const words = known.get(locale) ?? makeWords(locale)
  known.set(locale, words)
  return words
}
