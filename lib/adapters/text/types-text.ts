import { listFormat } from "./intl-formatters.ts"
import type { Locale } from "./languages.ts"

type Say = (values: { of: string; type: string }) => string

/**
 * Names types of files: "photos, videos and PDF files" for image/*, video/* and application/pdf.
 * `say` formats the message common.fileType.
 */
export function typesText(types: readonly string[], say: Say, locale: Locale): string {
  const names = types.map((type) => {
    const [kind = type, subtype] = type.split("/")
    const name = subtype === "*" ? kind : (subtype ?? type)
    return say({
      of: subtype === "*" ? kind : "other",
      // The names of types that are not endings are too long for capitals.
      type: name.length <= 8 ? name.toUpperCase() : type,
    })
  })
  return listFormat(locale).format(new Set(names))
}
