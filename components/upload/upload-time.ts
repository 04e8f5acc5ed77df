/** Seconds as people say them while they wait: "31 sec", "4 min", "2.5 hr". */
export function formatSeconds(seconds: number, locale: string): string {
  const say = (value: number, unit: "second" | "minute" | "hour") =>
    new Intl.NumberFormat(locale, {
      style: "unit",
      unit,
      unitDisplay: "short",
      maximumFractionDigits: unit === "hour" ? 1 : 0,
    }).format(value)
  if (seconds < 60) return say(seconds, "second")
  if (seconds < 3_600) return say(Math.round(seconds / 60), "minute")
  return say(seconds / 3_600, "hour")
}
