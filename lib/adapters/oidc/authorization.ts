import "server-only"
import {
  allowInsecureRequests,
  authorizationCodeGrant,
  buildAuthorizationUrl,
  type ClientAuth,
  ClientSecretPost,
  Configuration,
  calculatePKCECodeChallenge,
  enableNonRepudiationChecks,
  fetchUserInfo,
  ResponseBodyError,
  randomNonce,
  randomPKCECodeVerifier,
  randomState,
} from "openid-client"
import { configuration } from "#lib/adapters/configuration.ts"
import { connectionFault } from "#lib/adapters/outages/connection-fault.ts"
import { reasonOf } from "#lib/adapters/storage.ts"
import {
  findProvider,
  isDown,
  type Provider,
  ProviderProblem,
  providerAddresses,
  timeParameter,
} from "./provider.ts"

/** The time limit, in seconds, for exchanging a code and for a request to userinfo. */
const ANSWER_SECONDS = 8

/** The secrets of one authorization, against which the provider's answer is verified. */
export type Authorization = { state: string; nonce: string; verifier: string }

/**
 * Begins an authorization by code, with PKCE. Returns the address for the browser, with these
 * parameters added, and the secrets to keep until it returns. Throws a ProviderProblem.
 */
export async function beginAuthorization(parameters: Record<string, string>) {
  const provider = await findProvider(configuration.OIDC_ISSUER ?? "")
  const authorization: Authorization = {
    state: randomState(),
    nonce: randomNonce(),
    verifier: randomPKCECodeVerifier(),
  }
  const { state, nonce, verifier } = authorization
  const url = buildAuthorizationUrl(clientAt(provider), {
    redirect_uri: providerAddresses().redirect,
    scope: configuration.OIDC_SCOPES,
    state,
    nonce,
    code_challenge: await calculatePKCECodeChallenge(verifier),
    code_challenge_method: "S256",
    ...timeParameter(provider),
    ...parameters,
  })
  return { url: url.href, authorization }
}

/**
 * Ends an authorization with the parameters that the browser brought back. Returns the claims of
 * the ID token, and a function that requests the claims of userinfo, which must have the same
 * subject. Both throw a ProviderProblem.
 */
export async function endAuthorization(
  answer: URLSearchParams,
  { state, nonce, verifier }: Authorization,
) {
  const error = answer.get("error")
  if (error) throw refusedBy(error)
  const provider = await findProvider(configuration.OIDC_ISSUER ?? "")
  const client = clientAt(provider)
  const tokens = await authorizationCodeGrant(
    client,
    new URL(`?${answer}`, providerAddresses().redirect),
    { expectedState: state, expectedNonce: nonce, pkceCodeVerifier: verifier },
  ).catch(throwProblem)
  const claims = tokens.claims()
  if (!claims || !tokens.id_token) throw new ProviderProblem("answer", "no ID token")
  const askUserinfo = async (): Promise<Record<string, unknown>> =>
    provider.userinfo_endpoint === undefined
      ? {}
      : await fetchUserInfo(client, tokens.access_token, claims.sub).catch(throwProblem)
  return { claims, idToken: tokens.id_token, askUserinfo }
}

/** Makes the client of one authorization, which fetches the keys that the provider has now. */
function clientAt(provider: Provider): Configuration {
  const { OIDC_CLIENT_ID = "", OIDC_CLIENT_SECRET = "" } = configuration
  const authentication = clientAuthentication(provider, OIDC_CLIENT_SECRET)
  const client = new Configuration(provider, OIDC_CLIENT_ID, {}, authentication)
  client.timeout = ANSWER_SECONDS
  // Otherwise the library trusts an ID token that came over TLS without verifying its signature.
  enableNonRepudiationChecks(client)
  if (provider.issuer.startsWith("http:")) allowInsecureRequests(client)
  return client
}

/** How the client authenticates at the token endpoint (OpenID Connect Core 1.0, section 9). */
export function clientAuthentication(
  { token_endpoint_auth_methods_supported: methods = ["client_secret_basic"] }: Provider,
  secret: string,
): ClientAuth {
  return methods.includes("client_secret_basic") ? basic(secret) : ClientSecretPost(secret)
}

/**
 * Unlike the library's ClientSecretBasic it does not encode "-", "_" and ".", because LemonLDAP::NG
 * and others compare the values without decoding them.
 */
const basic =
  (secret: string): ClientAuth =>
  (_server, { client_id }, _body, headers) =>
    headers.set("Authorization", `Basic ${btoa(`${encoded(client_id)}:${encoded(secret)}`)}`)

/** Encodes text by RFC 6749, section 2.3.1. */
const encoded = (text: string) => encodeURIComponent(text).replaceAll("%20", "+")

// https://www.rfc-editor.org/rfc/rfc6749#section-4.1.2.1 and 5.2
const CODES = new Map<string, ProviderProblem["code"]>([
  ["access_denied", "cancelled"],
  ["server_error", "down"],
  ["temporarily_unavailable", "down"],
  ["invalid_grant", "expired"],
])

/** Accepts only codes in OAuth's form, because anyone can choose the error and it is logged. */
const refusedBy = (error: string) =>
  new ProviderProblem(
    CODES.get(error) ?? "answer",
    /^[a-z_]{1,40}$/.test(error) ? error : "unknown_error",
  )

function throwProblem(error: unknown): never {
  throw problemOf(error)
}

const MAX_REASON = 200

function problemOf(error: unknown): ProviderProblem {
  if (error instanceof ResponseBodyError) {
    const { error: said, error_description: words = "", status } = error
    const code = CODES.get(said) ?? (isDown(status) ? "down" : "answer")
    return new ProviderProblem(code, `${said} ${words}`.trim().slice(0, MAX_REASON))
  }
  const cause = innermost(error)
  if (cause.cause instanceof Response) {
    const { status } = cause.cause
    return new ProviderProblem(isDown(status) ? "down" : "answer", `${cause.message}: ${status}`)
  }
  const code = connectionFault(reasonOf(cause)) ? "away" : "answer"
  return new ProviderProblem(code, cause.message.slice(0, MAX_REASON), { cause })
}

function innermost(error: unknown): Error {
  if (!(error instanceof Error)) return new Error(String(error))
  return error.cause instanceof Error ? innermost(error.cause) : error
}
