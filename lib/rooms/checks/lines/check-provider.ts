import "server-only"
import { configuration } from "#lib/adapters/configuration.ts"
import type { Found } from "#lib/adapters/findings/finding.ts"
import {
  askProvider,
  findProvider,
  ProviderProblem,
  providerAddresses,
  wellKnownOf,
} from "#lib/adapters/oidc/provider.ts"
import { tryClient } from "#lib/adapters/oidc/try-client.ts"
import { unreachedFinding } from "#lib/rooms/checks/connection-finding.ts"

/** Checks whether the identity provider answers and has the issuer of OIDC_ISSUER. */
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
    if (code === "away") return unreachedFinding(cause, { place: url, setting: "OIDC_ISSUER" })
    return {
      state: "fail",
      code: code === "down" ? code : "answer",
      values: { url, status: message },
    }
  }
}

/** Checks the client's secret. Only a request for tokens shows whether the provider accepts it. */
export async function checkClient(): Promise<Found<"provider_client">> {
  const { OIDC_ISSUER: issuer } = configuration
  if (issuer === undefined) return { state: "skipped", code: "none" }
  const provider = await findProvider(issuer)
  try {
    const { client, answer } = await tryClient(provider)
    const values = { issuer, answer }
    if (client === "accepted") return { state: "ok", code: "ok", values }
    return { state: client === "refused" ? "fail" : "skipped", code: client, values }
  } catch (error) {
    return unreachedFinding(error, { place: provider.token_endpoint, setting: "OIDC_ISSUER" })
  }
}
