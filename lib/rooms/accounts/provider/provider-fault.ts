import "server-only"
import type { ProviderProblem } from "#lib/adapters/oidc/provider.ts"
import { connectionFault } from "#lib/adapters/outages/connection-fault.ts"
import { reasonOf } from "#lib/adapters/storage.ts"

/** The sentences about a sign-in that failed at the provider, or on the way to it. */
type ProviderFault = "provider_cancelled" | "provider_away" | "provider_setup" | "provider_failed"

const FAULTS = {
  cancelled: "provider_cancelled",
  down: "provider_away",
  answer: "provider_setup",
  issuer: "provider_setup",
  expired: "provider_failed",
} as const

/** Returns whether a sign-in failed because of the person, the provider or the configuration. */
export function faultOf({ code, cause }: ProviderProblem): ProviderFault {
  if (code !== "away") return FAULTS[code]
  return connectionFault(reasonOf(cause)) === "no_trust" ? "provider_setup" : "provider_away"
}
