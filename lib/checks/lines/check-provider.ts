import "server-only"
import type { Found } from "#lib/checks/finding.ts"
import { configuration } from "#lib/configuration.ts"
import { askProvider, ProviderProblem, providerAddresses, wellKnownOf } from "#lib/oidc/provider.ts"
import { reasonOf } from "#lib/storage.ts"

/** Whether the identity provider answers and is the one of OIDC_ISSUER. */
export async function checkProvider(): Promise<Found<"provider">> {
  const { OIDC_ISSUER: issuer, OIDC_SESSION_HOURS: hours } = configuration
  if (issuer === undefined) return { state: "skipped", code: "none" }
  const url = wellKnownOf(issuer)
  try {
    const provider = await askProvider(issuer)
    const values = { issuer, hours, ...providerAddresses() }
    const code = provider.backchannel_logout_supported ? "ok" : "no_logout"
    return { state: "ok", code, values }
  } catch (error) {
    if (!(error instanceof ProviderProblem)) throw error
    const { code, message, cause } = error
    if (code === "issuer") return { state: "fail", code, values: { issuer, found: message } }
    if (code === "answer") return { state: "fail", code, values: { url, status: message } }
    return { state: "fail", code, values: { url, reason: reasonOf(cause) } }
  }
}
