// Constructing an Intl formatter costs 10 to 30 µs, more than rendering a small page, so each is
// made once per locale and options.

/** The most cached formatters. A bound is needed because readers choose their time zones. */
const MAX_KEPT = 500

function memoize<Options extends object, Formatter>(
  make: (locale: string, options?: Options) => Formatter,
) {
  const kept = new Map<string, Formatter>()
  return (locale: string, options?: Options): Formatter => {
    const key = options === undefined ? locale : `${locale} ${JSON.stringify(options)}`
    const known = kept.get(key)
    if (known) return known
    if (kept.size >= MAX_KEPT) kept.clear()
    const made = make(locale, options)
    kept.set(key, made)
    return made
  }
}

export const numberFormat = memoize(
  (locale, options?: Intl.NumberFormatOptions) => new Intl.NumberFormat(locale, options),
)

export const dateTimeFormat = memoize(
  (locale, options?: Intl.DateTimeFormatOptions) => new Intl.DateTimeFormat(locale, options),
)

export const relativeTimeFormat = memoize(
  (locale, options?: Intl.RelativeTimeFormatOptions) =>
    new Intl.RelativeTimeFormat(locale, options),
)

export const pluralRules = memoize(
  (locale, options?: Intl.PluralRulesOptions) => new Intl.PluralRules(locale, options),
)

export const listFormat = memoize(
  (locale, options?: Intl.ListFormatOptions) => new Intl.ListFormat(locale, options),
)

/** Joins items as the language does: "previews, downloads". */
export const listed = (items: readonly string[], locale: string): string =>
  listFormat(locale, { type: "conjunction", style: "narrow" }).format(items)
