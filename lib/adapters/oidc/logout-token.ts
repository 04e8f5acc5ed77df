import "server-only"
import { createRemoteJWKSet, type JWTPayload, errors as joseErrors, jwtVerify } from "jose"
import { configuration } from "#lib/adapters/configuration.ts"
import { Refusal } from "#lib/adapters/errors.ts"
import { processWide } from "#lib/adapters/process-wide.ts"
import { claimText } from "./claim-text.ts"
import { ANSWER_MS, findProvider, ProviderProblem } from "./provider.ts"

/** Algorithms with public keys. Those with a shared secret are not accepted. */
const ALGORITHMS = [
  ...["RS256", "RS384", "RS512", "PS256", "PS384", "PS512"],
  ...["ES256", "ES384", "ES512", "EdDSA", "Ed25519"],
]

const CLOCK_SECONDS = 60
/** A logout token is accepted this long after it was made. */
const LOGOUT_MINUTES = 10

const keySets = processWide(
  "oidc-keys",
  () => new Map<string, ReturnType<typeof createRemoteJWKSet>>(),
)

/**
 * The provider's keys. An unknown key is fetched, so that keys may be rotated, but at most every
 * five seconds, so that forged tokens do not flood the provider.
 */
function keysAt(url: string) {
  const keys =
    keySets.get(url) ??
    createRemoteJWKSet(new URL(url), { cooldownDuration: 5_000, timeoutDuration: ANSWER_MS })
  keySets.set(url, keys)
  return keys
}

/** The content of a logout token. It has a subject, a sid or both. */
export type LogoutToken = {
  issuer: string
  jti: string
  subject: string | null
  sid: string | null
}

const LOGOUT_EVENT = "http://schemas.openid.net/event/backchannel-logout"

/**
 * Reads a logout token (OpenID Connect Back-Channel Logout 1.0, section 2.6) and makes all checks
 * that do not need the database. Refuses (invalid) a token that is not a recent logout token from
 * the provider for this client. Refuses (unavailable) if the provider's keys cannot be fetched.
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

/** Whether the keys could not be fetched, so that the token may be valid. */
function isAway(error: unknown) {
  if (error instanceof ProviderProblem || error instanceof joseErrors.JWKSTimeout) return true
  const isAnswer = error instanceof joseErrors.JOSEError && error.code === "ERR_JOSE_GENERIC"
  return isAnswer || error instanceof TypeError // from fetch
}

function logoutOf(issuer: string, { jti, sub, sid, events, nonce }: JWTPayload): LogoutToken {
  const refuse = (reason: string) => new Refusal("invalid", `The logout token ${reason}.`)
  // An ID token has a nonce. It must not be accepted as a logout token.
  if (nonce !== undefined) throw refuse("has a nonce")
  const isLogout = typeof events === "object" && events !== null && LOGOUT_EVENT in events
  if (!isLogout) throw refuse("names no logout event")
  const [subject, session, id] = [claimText(sub), claimText(sid), claimText(jti)]
  if (subject === null && session === null) throw refuse("names neither a subject nor a session")
  if (id === null) throw refuse("has no id")
  return { issuer, jti: id, subject, sid: session }
}
