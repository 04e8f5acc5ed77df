import "server-only"
import type { Account, AuthOptions, Profile } from "next-auth"
import type { OAuthConfig } from "next-auth/providers/oauth"
import { Email } from "#lib/accounts/member.ts"
import {
  type Claims,
  lacksClaims,
  mergeClaims,
  personOf,
  signedInAt,
} from "#lib/accounts/provider/claims.ts"
import { confirmByProvider } from "#lib/accounts/provider/confirm-by-provider.ts"
import {
  claimRules,
  providerRefusal,
  signInByProvider,
} from "#lib/accounts/provider/sign-in-by-provider.ts"
import {
  findSessionMember,
  type ProviderSession,
  SESSION_SECONDS,
  type SessionClaim,
  startSession,
} from "#lib/accounts/sign-in/session.ts"
import { configuration } from "#lib/configuration.ts"
import { endUploads } from "#lib/files/upload/end-uploads.ts"
import { log } from "#lib/monitoring/log.ts"
import { claimText } from "#lib/oidc/claim-text.ts"
import { clientOptions, type Provider, timeParameter } from "#lib/oidc/provider.ts"
import { ownPath } from "#lib/web/forms/own-path.ts"
import { PROVIDER_ID } from "./call-next-auth.ts"
import { isHttps, tokenOf } from "./session-cookie.ts"

/** A sign-in inside of next-auth, which turns every error into a redirect that loses it. */
export type ProviderAttempt = {
  /** The client of the browser in words. */
  agent: string | null
  /** The session that asks its provider for confirmation; null for a new sign-in. */
  confirms: SessionClaim | null
  /** The error that next-auth reported, if it failed itself. */
  said?: string | undefined
  error?: unknown
  claim?: SessionClaim
  /** The address or subject of the person, once their token was verified. */
  who?: string | null
}

/**
 * The options of next-auth for the provider: code with PKCE, state, nonce, and the signature,
 * issuer, audience and times of the ID token are checked by it and openid-client. It gets the
 * addresses of the document that Lapse keeps: with `wellKnown` it would ask for one each time.
 */
export function providerOptions(attempt: ProviderAttempt, found: Provider): AuthOptions {
  return {
    secret: configuration.AUTH_SECRET,
    useSecureCookies: isHttps(),
    session: { strategy: "jwt", maxAge: SESSION_SECONDS },
    pages: { signIn: "/sign-in", error: "/sign-in" },
    providers: [provider(found)],
    callbacks: {
      redirect: ({ url, baseUrl }) => `${baseUrl}${ownPath(url) ?? "/shares"}`,
      async signIn({ account, profile }) {
        try {
          attempt.claim = await accept(attempt, found.issuer, account, profile)
          return true
        } catch (error) {
          attempt.error = error
          return false
        }
      },
      jwt({ token }) {
        return attempt.claim ? tokenOf(attempt.claim) : token
      },
    },
    logger: {
      error(code, metadata) {
        const reason = reasonOf(metadata)
        attempt.said ??= reason
        log.warn({ code, reason }, "the sign-in with the provider failed")
      },
      warn() {},
      debug() {},
    },
  }
}

type Userinfo = Extract<OAuthConfig<Profile>["userinfo"], object>
type UserinfoClient = Parameters<NonNullable<Userinfo["request"]>>[0]["client"]
type Tokens = Exclude<Parameters<UserinfoClient["userinfo"]>[0], string>

function provider(found: Provider): OAuthConfig<Profile> {
  const { issuer } = found
  return {
    id: PROVIDER_ID,
    name: configuration.OIDC_NAME ?? issuer,
    type: "oauth",
    issuer,
    jwks_endpoint: found.jwks_uri,
    token: { url: found.token_endpoint },
    clientId: configuration.OIDC_CLIENT_ID ?? "",
    clientSecret: configuration.OIDC_CLIENT_SECRET ?? "",
    authorization: {
      url: found.authorization_endpoint,
      params: { scope: configuration.OIDC_SCOPES, ...timeParameter(found) },
    },
    checks: ["pkce", "state", "nonce"],
    client: clientOptions(found),
    httpOptions: { timeout: 8_000 },
    idToken: true,
    userinfo: {
      ...(found.userinfo_endpoint && { url: found.userinfo_endpoint }),
      // The client compares the subject of the answer with that of the ID token.
      async request({ tokens, client }) {
        const set = tokens as Tokens // next-auth passes what the client returned
        const claims = set.claims()
        if (!set.access_token || !lacksClaims(claims, claimRules())) return claims
        if (!found.userinfo_endpoint) return claims
        return { ...claims, ...mergeClaims(claims, await client.userinfo(set)) }
      },
    },
    profile: ({ sub = "" }) => ({ id: sub }),
  }
}

/** Accepts the claims of an ID token that next-auth has verified. */
async function accept(
  attempt: ProviderAttempt,
  issuer: string,
  account: Account | null,
  profile: Profile | undefined,
): Promise<SessionClaim> {
  const { agent, confirms } = attempt
  const claims: Claims = { ...profile }
  // Next-auth compares it with the discovery document, which is the setting's.
  if (!profile || claims.iss !== issuer) throw providerRefusal("provider_setup")
  attempt.who = whoOf(claims)
  const person = personOf(claims, claimRules())
  const { subject } = person
  const authTime = signedInAt(claims)
  if (confirms) {
    const member = await findSessionMember(confirms)
    if (!member) throw providerRefusal("provider_failed")
    await confirmByProvider(member, { issuer, subject, authTime })
    return confirms
  }
  const session: ProviderSession = {
    issuer,
    subject,
    sid: claimText(claims.sid),
    idToken: account?.id_token ?? null,
    authTime: authTime ?? null,
  }
  return startSession(await signInByProvider(person, endUploads), agent, session)
}

/** Some reasons quote what the browser sent. */
const MAX_REASON = 200

function reasonOf(metadata: unknown) {
  const error =
    typeof metadata === "object" && metadata !== null && "error" in metadata
      ? metadata.error
      : metadata
  if (!(error instanceof Error)) return undefined
  const code = "code" in error && typeof error.code === "string" ? `${error.code} ` : ""
  return `${code}${error.message}`.slice(0, MAX_REASON)
}

const whoOf = ({ email, sub }: Claims) => Email.safeParse(email).data ?? claimText(sub)
