/** The languages of pages and mail, each named in itself. */
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
 * section 12.5.4); English if it requests none of them. A region is ignored if it makes no
 * difference to a reader: "pt-PT" is Portuguese, but "zh-TW" is written in other characters.
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

/**
 * The language of an answer: the requested one, otherwise the one stored before, otherwise the
 * browser's.
 */
export const chooseLocale = ({ asked, kept, accepted }: Wishes): Locale =>
  localeNamed(asked) ?? localeNamed(kept) ?? matchLocale(accepted)

/** The language for one tag, such as "de-AT"; undefined if there is none. */
export const localeNamed = (tag: string | null | undefined): Locale | undefined =>
  tag && tag !== "*" ? localeFor(tag.toLowerCase()) : undefined

/** No browser sends more ranges; the rest of a longer header is ignored. */
const MAX_RANGES = 50
const RANGE = /^\s*([a-z]{1,8}(?:-[a-z0-9]{1,8})*|\*)\s*(?:;\s*q\s*=\s*([01](?:\.\d{0,3})?)\s*)?$/i

/** The language ranges of the header, the preferred ones first, without those it rejects. */
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

/** The language for one range; "*" accepts the default. */
function localeFor(range: string): Locale | undefined {
  if (range === "*") return DEFAULT_LOCALE
  return TRADITIONAL.test(range) ? undefined : BY_LANGUAGE.get(range.split("-", 1)[0])
}
