import "server-only"
import { ProviderProblem } from "#lib/oidc/provider.ts"
import { connectionFault } from "#lib/outages/connection-fault.ts"
import { reasonOf } from "#lib/storage.ts"

/** The sentences about a sign-in that ended at the provider, or on the way to it. */
type ProviderFault = "provider_cancelled" | "provider_away" | "provider_setup" | "provider_failed"

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
 * Returns whether the person, the provider or the configuration ended a sign-in. A text begins with
 * a code of OAuth or of Node, or is that of a failure; a wrong token is a matter of configuration.
 */
export function faultOf(said: string | ProviderProblem): ProviderFault {
  if (said instanceof ProviderProblem) {
    const isTrusted = connectionFault(reasonOf(said.cause)) !== "no_trust"
    const isAway = said.code === "down" || (said.code === "away" && isTrusted)
    return isAway ? "provider_away" : "provider_setup"
  }
  const known = CODES[/^[a-z_]+/.exec(said)?.[0] ?? ""]
  if (known) return known
  const connection = connectionFault(said)
  if (connection === "no_trust") return "provider_setup"
  if (connection || STATUS.test(said)) return "provider_away"
  return LATE.test(said) ? "provider_failed" : "provider_setup"
}
