import "server-only"

/** Longer than any that a provider makes, and short enough for an index. */
const MAX_CHARACTERS = 500

/** A claim that names something, as the database can hold it; null for anything else. */
export function claimText(claim: unknown): string | null {
  if (typeof claim !== "string" || claim === "" || claim.length > MAX_CHARACTERS) return null
  return /\p{Cc}/u.test(claim) || !claim.isWellFormed() ? null : claim
}
