import "server-only"
import { z } from "zod"
import { configuration } from "#lib/adapters/configuration.ts"
import { processWide } from "#lib/adapters/process-wide.ts"

/** The discovery document (OpenID Connect Discovery 1.0), as far as Lapse reads it. */
const Provider = z.object({
  issuer: z.string(),
  authorization_endpoint: z.url(),
  token_endpoint: z.url(),
  jwks_uri: z.url(),
  userinfo_endpoint: z.url().exactOptional(),
  end_session_endpoint: z.url().exactOptional(),
  claims_parameter_supported: z.boolean().exactOptional(),
  backchannel_logout_supported: z.boolean().exactOptional(),
  authorization_response_iss_parameter_supported: z.boolean().exactOptional(),
  id_token_signing_alg_values_supported: z.array(z.string()).exactOptional(),
  token_endpoint_auth_methods_supported: z.array(z.string()).exactOptional(),
})
export type Provider = z.output<typeof Provider>

/**
 * Thrown if the provider cannot be used (it is unreachable, reports an error, sends an invalid
 * answer, or has another issuer), or if a sign-in there was cancelled or its code has expired.
 */
export class ProviderProblem extends Error {
  override name = "ProviderProblem"
  readonly code: "away" | "down" | "answer" | "issuer" | "cancelled" | "expired"

  constructor(code: ProviderProblem["code"], message: string, options?: ErrorOptions) {
    super(message, options)
    this.code = code
  }
}

/** How long the provider may take to answer. */
export const ANSWER_MS = 5_000
const KEPT_MS = 300_000
/** Longer than the provider may take, so that a failure is kept too. */
const FAILURE_KEPT_MS = 10_000

/** The callback that is entered at the provider, and the addresses for its logout. */
export const providerAddresses = () => ({
  redirect: `${configuration.APP_URL}/api/auth/callback/oidc`,
  signedOut: `${configuration.APP_URL}/signed-out`,
  logout: `${configuration.APP_URL}/auth/oidc/logout`,
})

/** The address of the discovery document of an issuer. */
export const wellKnownOf = (issuer: string) =>
  `${issuer.replace(/\/$/, "")}/.well-known/openid-configuration`

type Kept = { until: number; found: Promise<Provider> }

const kept = () => processWide("oidc-provider", () => new Map<string, Kept>())

/**
 * Reads the provider's discovery document, at most every five minutes, and every ten seconds while
 * that fails. Throws a ProviderProblem.
 */
export function findProvider(issuer: string): Promise<Provider> {
  const known = kept().get(issuer)
  if (known && Date.now() < known.until) return known.found
  const found = askProvider(issuer) // a success is kept longer
  kept().set(issuer, { until: Date.now() + FAILURE_KEPT_MS, found })
  return found
}

/** Whether a status says that the provider has a fault, or is too busy. */
export const isDown = (status: number) => status >= 500 || status === 429

/** Reads the provider's discovery document now. Throws a ProviderProblem. */
export async function askProvider(issuer: string): Promise<Provider> {
  const url = wellKnownOf(issuer)
  const signal = AbortSignal.timeout(ANSWER_MS)
  const answer = await fetch(url, { headers: { Accept: "application/json" }, signal }).catch(
    (cause: unknown) => {
      throw new ProviderProblem("away", `${url} does not answer`, { cause })
    },
  )
  const document = answer.ok ? await answer.json().catch(() => null) : null
  const { data } = Provider.safeParse(document)
  if (!data)
    throw new ProviderProblem(isDown(answer.status) ? "down" : "answer", `${answer.status}`)
  if (data.issuer !== issuer) throw new ProviderProblem("issuer", data.issuer)
  kept().set(issuer, { until: Date.now() + KEPT_MS, found: Promise.resolve(data) })
  return data
}

export const GOOGLE = "https://accounts.google.com"

/**
 * The parameter that asks for the time of the sign-in, which a confirmation needs and some
 * providers send only then. Google takes it and does not say so in its document.
 */
export function timeParameter(provider: Provider): { claims?: string } {
  const isTaken = provider.claims_parameter_supported === true || provider.issuer === GOOGLE
  return isTaken ? { claims: JSON.stringify({ id_token: { auth_time: { essential: true } } }) } : {}
}

/** A longer token makes an address that servers refuse. */
const MAX_HINT = 3_000

/**
 * The address where the provider ends its own session and sends the browser back (OpenID Connect
 * RP-Initiated Logout 1.0); null if it has none, or is away.
 */
export async function findSignOutAddress(idToken: string | null): Promise<string | null> {
  const { OIDC_ISSUER, OIDC_CLIENT_ID } = configuration
  if (OIDC_ISSUER === undefined) return null
  const provider = await findProvider(OIDC_ISSUER).catch(() => null)
  if (!provider?.end_session_endpoint) return null
  const url = new URL(provider.end_session_endpoint)
  url.searchParams.set("client_id", OIDC_CLIENT_ID ?? "")
  url.searchParams.set("post_logout_redirect_uri", providerAddresses().signedOut)
  if (idToken && idToken.length <= MAX_HINT) url.searchParams.set("id_token_hint", idToken)
  return url.href
}
