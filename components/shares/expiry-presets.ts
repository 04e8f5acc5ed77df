const EXPIRY_HOURS = { hour: 1, day: 24, week: 7 * 24, month: 30 * 24 } as const

export type ExpiryPreset = keyof typeof EXPIRY_HOURS
/** `keep` leaves the expiry as it is, `at` is a date and time. */
export type ExpiryChoice = ExpiryPreset | "keep" | "never" | "at"

export function isExpiryPreset(text: string): text is ExpiryPreset {
  return Object.hasOwn(EXPIRY_HOURS, text)
}

/** The presets an installation allows; "never" only where it sets no maximum. */
export function allowedExpiries(maxShareDays: number | null): (ExpiryPreset | "never")[] {
  const presets = Object.keys(EXPIRY_HOURS)
    .filter(isExpiryPreset)
    .filter((preset) => maxShareDays === null || EXPIRY_HOURS[preset] <= maxShareDays * 24)
  return maxShareDays === null ? [...presets, "never"] : presets
}

/** When a share that is created or edited at `now` lapses by a preset. */
export function expiryOf(preset: ExpiryPreset, now: Date): Date {
  return new Date(now.getTime() + EXPIRY_HOURS[preset] * 3_600_000)
}
