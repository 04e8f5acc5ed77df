const UNITS = ["byte", "kilobyte", "megabyte", "gigabyte", "terabyte"] as const

/** A size for a sentence: "3.2 MB". Steps of 1,024, the way storage limits are set. */
export function readableSize(bytes: number, locale = "en") {
  const step = bytes < 1 ? 0 : Math.min(Math.floor(Math.log2(bytes) / 10), UNITS.length - 1)
  return new Intl.NumberFormat(locale, {
    style: "unit",
    unit: UNITS[step] ?? "byte",
    unitDisplay: step === 0 ? "long" : "short",
    maximumFractionDigits: 1,
  }).format(bytes / 1024 ** step)
}
