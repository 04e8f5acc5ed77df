/** The languages of pages and mail, each with its own name for itself. */
export const LANGUAGES = {
  en: "English",
  de: "Deutsch",
  fr: "Français",
  es: "Español",
  "pt-BR": "Português (Brasil)",
  ja: "日本語",
  "zh-CN": "简体中文",
  ar: "العربية",
} as const

export type Locale = keyof typeof LANGUAGES

export const LOCALES = Object.keys(LANGUAGES).filter(isLocale)

export const DEFAULT_LOCALE: Locale = "en"

/** The cookie with the language that a visitor chose, for all links. */
export const LANGUAGE_COOKIE = "lapse-language"

function isLocale(tag: string | null | undefined): tag is Locale {
  return tag != null && Object.hasOwn(LANGUAGES, tag)
}

export const directionOf = (locale: Locale) => (locale === "ar" ? "rtl" : "ltr")

/**
 * Returns the first of the languages above that an Accept-Language header requests (RFC 9110,
 * section 12.5.4); English if it requests none of them. A region is ignored unless it changes the
 * script: "pt-PT" is Portuguese, but "zh-TW" is written in other characters.
 */
export function matchLocale(acceptLanguage: string | undefined): Locale {
  if (!acceptLanguage) return DEFAULT_LOCALE
  return rangesOf(acceptLanguage).map(localeFor).find(isLocale) ?? DEFAULT_LOCALE
}

type Wishes = {
  asked?: string | null
  kept?: string | null | undefined
  accepted: string | undefined
}

/** The language of an answer: the requested one, else the one stored before, else the browser's. */
export const chooseLocale = ({ asked, kept, accepted }: Wishes): Locale =>
  localeNamed(asked) ?? localeNamed(kept) ?? matchLocale(accepted)

/** Returns the language for a tag, such as "de-AT"; undefined if there is none. */
export const localeNamed = (tag: string | null | undefined): Locale | undefined =>
  tag && tag !== "*" ? localeFor(tag.toLowerCase()) : undefined

/** The maximum number of ranges that are read from a header. Browsers send fewer. */
const MAX_RANGES = 50
const RANGE = /^\s*([a-z]{1,8}(?:-[a-z0-9]{1,8})*|\*)\s*(?:;\s*q\s*=\s*([01](?:\.\d{0,3})?)\s*)?$/i

/** Returns the language ranges in the header, preferred ones first, without those it rejects. */
function rangesOf(header: string): string[] {
  return header
    .split(",", MAX_RANGES)
    .flatMap((part) => {
      const [, range, q = "1"] = RANGE.exec(part) ?? []
      return range && Number(q) > 0 ? [{ range: range.toLowerCase(), q: Number(q) }] : []
    })
    .sort((one, other) => other.q - one.q)
    .map(({ range }) => range)
}

const TRADITIONAL = /^zh-(hant|tw|hk|mo)\b/

const BY_LANGUAGE = new Map(LOCALES.map((locale) => [locale.split("-", 1)[0], locale]))

function localeFor(range: string): Locale | undefined {
  if (range === "*") return DEFAULT_LOCALE
  return TRADITIONAL.test(range) ? undefined : BY_LANGUAGE.get(range.split("-", 1)[0])
}
