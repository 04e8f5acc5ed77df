import "server-only"
import { configuration } from "#lib/adapters/configuration.ts"
import type { Found } from "#lib/adapters/findings/finding.ts"
import {
  askProvider,
  type Provider,
  ProviderProblem,
  providerAddresses,
  wellKnownOf,
} from "#lib/adapters/oidc/provider.ts"
import { tryClient } from "#lib/adapters/oidc/try-client.ts"
import { unreachedFinding } from "#lib/rooms/checks/connection-finding.ts"

/** Checks whether the identity provider answers, has this issuer and accepts the client's secret. */
export async function checkProvider(): Promise<Found<"provider">> {
  const { OIDC_ISSUER: issuer, OIDC_SESSION_HOURS: hours } = configuration
  if (issuer === undefined) return { state: "skipped", code: "none" }
  const url = wellKnownOf(issuer)
  try {
    const provider = await askProvider(issuer)
    const refused = await findRefusal(provider)
    if (refused) return refused
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

/** Only a request for tokens shows whether the provider accepts the client's secret. */
async function findRefusal(provider: Provider): Promise<Found<"provider"> | null> {
  const { issuer, token_endpoint: place } = provider
  try {
    const { client, answer } = await tryClient(provider)
    if (client !== "refused") return null
    return { state: "fail", code: "client", values: { issuer, answer } }
  } catch (error) {
    return unreachedFinding(error, { place, setting: "OIDC_ISSUER" })
  }
}
