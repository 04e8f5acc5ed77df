import "server-only"
import { createRemoteJWKSet, type JWTPayload, errors as joseErrors, jwtVerify } from "jose"
import { z } from "zod"
import { configuration } from "./configuration.ts"
import { Refusal } from "./errors.ts"
import { processWide } from "./process-wide.ts"

// The way to the identity provider of OIDC_ISSUER, besides the sign-in itself, which is next-auth's.

/** The discovery document (OpenID Connect Discovery 1.0), as far as Lapse reads it. */
const Provider = z.object({
  issuer: z.string(),
  authorization_endpoint: z.url(),
  token_endpoint: z.url(),
  jwks_uri: z.url(),
  end_session_endpoint: z.url().optional(),
  backchannel_logout_supported: z.boolean().optional(),
  id_token_signing_alg_values_supported: z.array(z.string()).default([]),
  token_endpoint_auth_methods_supported: z.array(z.string()).optional(),
})
export type Provider = z.output<typeof Provider>

/** Why the provider cannot be used: it is away, answers otherwise, or has another issuer. */
export class ProviderProblem extends Error {
  override name = "ProviderProblem"
  readonly code: "away" | "answer" | "issuer"

  constructor(code: ProviderProblem["code"], message: string, options?: ErrorOptions) {
    super(message, options)
    this.code = code
  }
}

const ANSWER_MS = 5_000
const KEPT_MS = 300_000
const CLOCK_SECONDS = 60
/** A logout token is accepted this long after it was made. */
const LOGOUT_MINUTES = 10

/** The callback that is entered at the provider, and the addresses for its logout. */
export const providerAddresses = () => ({
  redirect: `${configuration.APP_URL}/api/auth/callback/oidc`,
  signedOut: `${configuration.APP_URL}/signed-out`,
  logout: `${configuration.APP_URL}/auth/oidc/logout`,
})

/** The address of the discovery document of an issuer. */
export const wellKnownOf = (issuer: string) =>
  `${issuer.replace(/\/$/, "")}/.well-known/openid-configuration`

const kept = processWide("oidc-provider", () => new Map<string, { at: number; found: Provider }>())

/** Reads the provider's discovery document, at most every five minutes. Throws a ProviderProblem. */
export async function findProvider(issuer: string): Promise<Provider> {
  const known = kept.get(issuer)
  if (known && Date.now() - known.at < KEPT_MS) return known.found
  return askProvider(issuer)
}

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
  if (!data) throw new ProviderProblem("answer", `${answer.status}`)
  if (data.issuer !== issuer) throw new ProviderProblem("issuer", data.issuer)
  kept.set(issuer, { at: Date.now(), found: data })
  return data
}

/** Algorithms whose keys the provider publishes; one with a shared secret is none of them. */
const ALGORITHMS = [
  ...["RS256", "RS384", "RS512", "PS256", "PS384", "PS512"],
  ...["ES256", "ES384", "ES512", "EdDSA", "Ed25519"],
]

/** How the client speaks to the provider, where its defaults do not fit. */
export function clientOptions(provider: Provider): {
  id_token_signed_response_alg: string
  token_endpoint_auth_method: "client_secret_basic" | "client_secret_post"
} {
  const { id_token_signing_alg_values_supported: offered } = provider
  const methods = provider.token_endpoint_auth_methods_supported ?? ["client_secret_basic"]
  const algorithm = offered.includes("RS256") ? undefined : offered.find(isAsymmetric)
  return {
    id_token_signed_response_alg: algorithm ?? "RS256",
    token_endpoint_auth_method: methods.includes("client_secret_basic")
      ? "client_secret_basic"
      : "client_secret_post",
  }
}

const isAsymmetric = (algorithm: string) => ALGORITHMS.includes(algorithm)

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

const keySets = processWide(
  "oidc-keys",
  () => new Map<string, ReturnType<typeof createRemoteJWKSet>>(),
)

/**
 * The provider's keys. An unknown one is asked for again, so that keys may be rotated, but at most
 * every five seconds, so that made-up tokens do not flood the provider.
 */
function keysAt(url: string) {
  const keys =
    keySets.get(url) ??
    createRemoteJWKSet(new URL(url), { cooldownDuration: 5_000, timeoutDuration: ANSWER_MS })
  keySets.set(url, keys)
  return keys
}

/** What a logout token says. At least one of subject and sid is there. */
export type LogoutToken = {
  issuer: string
  jti: string
  subject: string | null
  sid: string | null
}

const LOGOUT_EVENT = "http://schemas.openid.net/event/backchannel-logout"

/**
 * Reads a logout token (OpenID Connect Back-Channel Logout 1.0, section 2.6) as far as it can be
 * checked without the database. Refuses (invalid) one that is not the provider's, for this client,
 * fresh and a logout token, and (unavailable) while the provider's keys cannot be had.
 */
export async function readLogoutToken(token: string): Promise<LogoutToken> {
  const { OIDC_ISSUER, OIDC_CLIENT_ID } = configuration
  if (OIDC_ISSUER === undefined || OIDC_CLIENT_ID === undefined) {
    throw new Refusal("not_found", "No identity provider is configured.")
  }
  try {
    const { jwks_uri } = await findProvider(OIDC_ISSUER)
    const { payload } = await jwtVerify(token, keysAt(jwks_uri), {
      issuer: OIDC_ISSUER,
      audience: OIDC_CLIENT_ID,
      algorithms: ALGORITHMS,
      maxTokenAge: `${LOGOUT_MINUTES} minutes`,
      clockTolerance: CLOCK_SECONDS,
      requiredClaims: ["jti"],
    })
    return logoutOf(OIDC_ISSUER, payload)
  } catch (error) {
    if (isAway(error)) {
      throw new Refusal("unavailable", "The provider’s keys can’t be fetched. Send it again.")
    }
    if (error instanceof joseErrors.JOSEError) {
      throw new Refusal("invalid", `The logout token isn’t valid: ${error.message}.`)
    }
    throw error
  }
}

/** Whether the keys could not be fetched, so that the token may be right. */
function isAway(error: unknown) {
  if (error instanceof ProviderProblem || error instanceof joseErrors.JWKSTimeout) return true
  const isAnswer = error instanceof joseErrors.JOSEError && error.code === "ERR_JOSE_GENERIC"
  return isAnswer || error instanceof TypeError // of fetch
}

function logoutOf(issuer: string, { jti, sub, sid, events, nonce }: JWTPayload): LogoutToken {
  const refuse = (reason: string) => new Refusal("invalid", `The logout token ${reason}.`)
  // An ID token has a nonce, so that none can be used as a logout token.
  if (nonce !== undefined) throw refuse("has a nonce")
  const isLogout = typeof events === "object" && events !== null && LOGOUT_EVENT in events
  if (!isLogout) throw refuse("names no logout event")
  const subject = typeof sub === "string" && sub ? sub : null
  const session = typeof sid === "string" && sid ? sid : null
  if (subject === null && session === null) throw refuse("names neither a subject nor a session")
  if (!jti) throw refuse("has no id")
  return { issuer, jti, subject, sid: session }
}
