import "server-only"

/** The maximum length. Identifiers of providers are shorter, and a database index can hold it. */
const MAX_CHARACTERS = 500

/** Returns a claim that is an identifier, as text that can be stored; null for anything else. */
export function claimText(claim: unknown): string | null {
  if (typeof claim !== "string" || claim === "" || claim.length > MAX_CHARACTERS) return null
  return /\p{Cc}/u.test(claim) || !claim.isWellFormed() ? null : claim
}
