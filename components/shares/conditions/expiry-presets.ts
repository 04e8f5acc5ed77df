const EXPIRY_DAYS = { hour: null, day: 1, week: 7, month: 30 } as const

export type ExpiryPreset = keyof typeof EXPIRY_DAYS
/** `keep` leaves the expiry unchanged, and `at` is a date and time. */
export type ExpiryChoice = ExpiryPreset | "keep" | "never" | "at"

export function isExpiryPreset(text: string): text is ExpiryPreset {
  return Object.hasOwn(EXPIRY_DAYS, text)
}

/** Returns the presets that an installation allows; "never" only if there is no maximum. */
export function allowedExpiries(maxShareDays: number | null): (ExpiryPreset | "never")[] {
  const presets = Object.keys(EXPIRY_DAYS)
    .filter(isExpiryPreset)
    .filter((preset) => maxShareDays === null || (EXPIRY_DAYS[preset] ?? 0) <= maxShareDays)
  return maxShareDays === null ? [...presets, "never"] : presets
}

/**
 * Returns the expiry that a preset gives a share created or edited at `now`. Whole days keep the
 * time of day in the local time zone, even when the clocks change.
 */
export function expiryOf(preset: ExpiryPreset, now: Date): Date {
  const days = EXPIRY_DAYS[preset]
  if (days === null) return new Date(now.getTime() + 3_600_000)
  const end = new Date(now)
  end.setDate(end.getDate() + days)
  return end
}
