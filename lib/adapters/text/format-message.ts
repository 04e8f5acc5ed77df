import format, { type CompiledMessage, type FormatValues } from "icu-minify/format"
import { dateTimeFormat, numberFormat, pluralRules } from "./intl-formatters.ts"

const options = {
  formatters: {
    getDateTimeFormat: (locale?: Intl.LocalesArgument, options?: Intl.DateTimeFormatOptions) =>
      dateTimeFormat(String(locale), options),
    getNumberFormat: (locale?: Intl.LocalesArgument, options?: Intl.NumberFormatOptions) =>
      numberFormat(String(locale), options),
    getPluralRules: (locale?: Intl.LocalesArgument, options?: Intl.PluralRulesOptions) =>
      pluralRules(String(locale), options),
  },
}

/** Formats a compiled message with its values. Values that are not text stay separate parts. */
export function formatParts<Part>(
  message: CompiledMessage,
  locale: string,
  values?: FormatValues<Part>,
): (string | Part)[] {
  const formatted = format<Part>(message, locale, values, options)
  return Array.isArray(formatted) ? formatted : [formatted]
}

export const formatText = (
  message: CompiledMessage,
  locale: string,
  values?: FormatValues<string>,
): string => formatParts<string>(message, locale, values).join("")
