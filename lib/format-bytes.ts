import { numberFormat } from "./intl-formatters.ts"

const UNITS = ["byte", "kilobyte", "megabyte", "gigabyte", "terabyte", "petabyte"] as const

/** A size as people say it, in steps of a thousand: "18.4 MB". */
export function formatBytes(bytes: number, locale = "en"): string {
  let step = 0
  let value = bytes
  // 999.95 would be shown as 1,000, so it is the next unit's already.
  while (value >= (step === 0 ? 1000 : 999.5) && step < UNITS.length - 1) {
    value /= 1000
    step += 1
  }
  const unit = UNITS[step] ?? "byte"
  return numberFormat(locale, {
    style: "unit",
    unit,
    unitDisplay: unit === "byte" ? "long" : "short",
    maximumFractionDigits: unit === "byte" || value >= 100 ? 0 : 1,
  }).format(value)
}
