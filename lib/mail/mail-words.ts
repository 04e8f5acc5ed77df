import "server-only"
import compile from "icu-minify/compile"
import format from "icu-minify/format"
import { dateTimeFormat, numberFormat, pluralRules } from "#lib/text/intl-formatters.ts"
import en from "../../messages/en/mail.json" with { type: "json" }

/** The language of mail: that of its reader, which is English until members choose theirs. */
const LOCALE = "en"

type Keys<Tree> = {
  [Name in keyof Tree & string]: Tree[Name] extends string ? Name : `${Name}.${Keys<Tree[Name]>}`
}[keyof Tree & string]

export type MailKey = Keys<typeof en>

const options = {
  formatters: {
    getDateTimeFormat: (_: unknown, options?: Intl.DateTimeFormatOptions) =>
      dateTimeFormat(LOCALE, options),
    getNumberFormat: (_: unknown, options?: Intl.NumberFormatOptions) =>
      numberFormat(LOCALE, options),
    getPluralRules: (_: unknown, options?: Intl.PluralRulesOptions) => pluralRules(LOCALE, options),
  },
}

/** A message of messages/en/mail.json with its values. */
export function words(key: MailKey, values: Record<string, string | number> = {}): string {
  const formatted = format<string>(compile(messageOf(key)), LOCALE, values, options)
  return typeof formatted === "string" ? formatted : formatted.join("")
}

function messageOf(key: MailKey): string {
  let found: unknown = en
  for (const part of key.split(".")) {
    found = typeof found === "object" && found !== null ? Reflect.get(found, part) : undefined
  }
  if (typeof found !== "string") throw new Error(`messages/en/mail.json has no ${key}`)
  return found
}

/** A time as pages say it to a reader whose settings are not known: the day first, 24 hours, UTC. */
export const timeInWords = (at: string) =>
  `${dateTimeFormat("en-GB", { dateStyle: "long", timeStyle: "short", timeZone: "UTC" }).format(new Date(at))} UTC`
