const UNITS = ["byte", "kilobyte", "megabyte", "gigabyte", "terabyte", "petabyte"] as const

// Kept, since making one costs far more than using it.
const formats = new Map<string, Intl.NumberFormat>()

/** A size in steps of a thousand: "18.4 MB". */
export function formatBytes(bytes: number, locale = "en"): string {
  let step = 0
  let value = bytes
  // 999.95 would be shown as 1,000, so it is the next unit's already.
  while (value >= (step === 0 ? 1000 : 999.5) && step < UNITS.length - 1) {
    value /= 1000
    step += 1
  }
  const unit = UNITS[step] ?? "byte"
  const digits = unit === "byte" || value >= 100 ? 0 : 1
  const key = `${locale} ${unit} ${digits}`
  let format = formats.get(key)
  if (!format) {
    format = new Intl.NumberFormat(locale, {
      style: "unit",
      unit,
      unitDisplay: unit === "byte" ? "long" : "short",
      maximumFractionDigits: digits,
    })
    formats.set(key, format)
  }
  return format.format(value)
}
