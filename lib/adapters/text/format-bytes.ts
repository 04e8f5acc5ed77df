const UNITS = ["byte", "kilobyte", "megabyte", "gigabyte", "terabyte", "petabyte"] as const

// Caches both formatters and texts, because making a formatter costs far more than using it, and
// using it costs more than rendering a small page.
const formats = new Map<string, { format: Intl.NumberFormat; texts: Map<number, string> }>()
const MAX_TEXTS = 1_000

/** Formats a number of bytes in steps of a thousand: "18.4 MB". */
export function formatBytes(bytes: number, locale = "en"): string {
  let step = 0
  let value = bytes
  // 999.95 would be shown as 1,000, so it is shown in the next unit.
  while (value >= (step === 0 ? 1000 : 999.5) && step < UNITS.length - 1) {
    value /= 1000
    step += 1
  }
  const unit = UNITS[step] ?? "byte"
  const digits = unit === "byte" || value >= 100 ? 0 : 1
  const key = `${locale} ${unit} ${digits}`
  const known = formats.get(key) ?? { format: makeFormat(locale, unit, digits), texts: new Map() }
  formats.set(key, known)
  const rounded = digits === 0 ? Math.round(value) : Math.round(value * 10) / 10
  const text = known.texts.get(rounded) ?? known.format.format(rounded)
  if (known.texts.size < MAX_TEXTS) known.texts.set(rounded, text)
  return text
}

const makeFormat = (locale: string, unit: string, digits: number) =>
  new Intl.NumberFormat(locale, {
    style: "unit",
    unit,
    unitDisplay: unit === "byte" ? "long" : "short",
    maximumFractionDigits: digits,
  })
