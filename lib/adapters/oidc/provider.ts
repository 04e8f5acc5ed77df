import "server-only"
import { z } from "zod"
import { configuration } from "#lib/adapters/configuration.ts"
import { processWide } from "#lib/adapters/process-wide.ts"

/** The fields of the discovery document (OpenID Connect Discovery 1.0) that Lapse uses. */
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

/** How long to wait for an answer of the provider, in milliseconds. */
export const ANSWER_MS = 5_000
const KEPT_MS = 300_000
/** How long a failure is cached, counted from the request. Longer than an answer may take. */
const FAILURE_KEPT_MS = 10_000

/** The callback and logout addresses that are registered at the provider. */
export const providerAddresses = () => ({
  redirect: `${configuration.APP_URL}/api/auth/callback/oidc`,
  signedOut: `${configuration.APP_URL}/signed-out`,
  logout: `${configuration.APP_URL}/auth/oidc/logout`,
})

export const wellKnownOf = (issuer: string) =>
  `${issuer.replace(/\/$/, "")}/.well-known/openid-configuration`

type Kept = { until: number; found: Promise<Provider> }

const kept = () => processWide("oidc-provider", () => new Map<string, Kept>())

/**
 * Returns the provider's discovery document. It is cached for five minutes, a failure for ten
 * seconds. Throws a ProviderProblem.
 */
export function findProvider(issuer: string): Promise<Provider> {
  const known = kept().get(issuer)
  if (known && Date.now() < known.until) return known.found
  const found = askProvider(issuer) // a success is cached longer
  kept().set(issuer, { until: Date.now() + FAILURE_KEPT_MS, found })
  return found
}

/** Whether a status means that the provider has failed or is too busy. */
export const isDown = (status: number) => status >= 500 || status === 429

/** Fetches the provider's discovery document. Throws a ProviderProblem. */
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
 * Requests the time of the sign-in, which a confirmation needs and some providers send only on
 * request. Google supports the parameter although its document does not list it.
 */
export function timeParameter(provider: Provider): { claims?: string } {
  const isTaken = provider.claims_parameter_supported === true || provider.issuer === GOOGLE
  return isTaken ? { claims: JSON.stringify({ id_token: { auth_time: { essential: true } } }) } : {}
}

/** The maximum length of a token in the address. Servers refuse longer addresses. */
const MAX_HINT = 3_000

/**
 * Returns the address where the provider ends its own session and sends the browser back (OpenID
 * Connect RP-Initiated Logout 1.0); null if the provider has none or is unreachable.
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
