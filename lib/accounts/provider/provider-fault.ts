import "server-only"
import { connectionFault } from "#lib/outages/connection-fault.ts"

/** The sentences about a sign-in that ended at the provider, or on the way to it. */
export type ProviderFault =
  | "provider_cancelled"
  | "provider_away"
  | "provider_setup"
  | "provider_failed"

// https://www.rfc-editor.org/rfc/rfc6749#section-4.1.2.1 and 5.2
const CODES: Partial<Record<string, ProviderFault>> = {
  access_denied: "provider_cancelled",
  server_error: "provider_away",
  temporarily_unavailable: "provider_away",
  // The code was used before, or the answer came too late.
  invalid_grant: "provider_failed",
}
const STATUS = /\b(5\d\d|429) /
const LATE = /cookie was missing|value could not be parsed/

/**
 * Says what ended a sign-in: the person, the provider, or what an admin has to set. `said` begins
 * with a code of OAuth or of Node, or is the text of a failure; a wrong token is a matter of setup.
 */
export function faultOf(said: string): ProviderFault {
  const known = CODES[/^[a-z_]+/.exec(said)?.[0] ?? ""]
  if (known) return known
  const connection = connectionFault(said)
  if (connection === "no_trust") return "provider_setup"
  if (connection || STATUS.test(said)) return "provider_away"
  return LATE.test(said) ? "provider_failed" : "provider_setup"
}
