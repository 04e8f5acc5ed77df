import "server-only"
import compile from "icu-minify/compile"
import { CATALOGUES } from "#lib/adapters/text/catalogues.ts"
import { formatText } from "#lib/adapters/text/format-message.ts"
import { dateTimeFormat } from "#lib/adapters/text/intl-formatters.ts"
import { isolateValues } from "#lib/adapters/text/isolate.ts"
import { directionOf, type Locale } from "#lib/adapters/text/languages.ts"

type Keys<Tree> = {
  [Name in keyof Tree & string]: Tree[Name] extends string ? Name : `${Name}.${Keys<Tree[Name]>}`
}[keyof Tree & string]

export type MailKey = Keys<(typeof CATALOGUES)["en"]["mail"]>

export type MailWords = {
  locale: Locale
  direction: "ltr" | "rtl"
  /** Returns a message from messages/<language>/mail.json with its values. */
  words: (key: MailKey, values?: Record<string, string | number>) => string
  /** Formats a time in UTC, as on pages for a reader whose settings are not known. */
  timeInWords: (at: string) => string
}

export function mailWords(locale: Locale): MailWords {
  const direction = directionOf(locale)
  const isolate = (values: Record<string, string | number>) =>
    isolateValues(values, direction === "rtl")
  const times = dateTimeFormat(locale === "en" ? "en-GB" : locale, {
    dateStyle: "long",
    timeStyle: "short",
    timeZone: "UTC",
  })
  return {
    locale,
    direction,
    words: (key, values = {}) =>
      formatText(compile(messageOf(locale, key)), locale, isolate(values)),
    timeInWords: (at) => `${times.format(new Date(at))} UTC`,
  }
}

function messageOf(locale: Locale, key: MailKey): string {
  let found: unknown = CATALOGUES[locale].mail
  for (const part of key.split(".")) {
    found = typeof found === "object" && found !== null ? Reflect.get(found, part) : undefined
  }
  if (typeof found !== "string") throw new Error(`messages/${locale}/mail.json has no ${key}`)
  return found
}
