import "server-only"
import { type NextRequest, NextResponse } from "next/server"
import { CONFIRM_PAGE, canConfirmByProvider } from "#lib/accounts/provider/confirm-by-provider.ts"
import { providerRefusal } from "#lib/accounts/provider/sign-in-by-provider.ts"
import { findSessionMember, type SessionClaim } from "#lib/accounts/sign-in/session.ts"
import { checkAttempt, clearAttempts } from "#lib/accounts/sign-in/throttle.ts"
import { withAddress } from "#lib/audit/origin.ts"
import { describeUserAgent } from "#lib/claims/visitor/user-agent.ts"
import { configuration } from "#lib/configuration.ts"
import { log } from "#lib/monitoring/log.ts"
import { findProvider, type Provider, ProviderProblem } from "#lib/oidc/provider.ts"
import { refusalOf } from "#lib/outages/refusal-of.ts"
import { readSigned, sign } from "#lib/secrets.ts"
import { refusedAt } from "#lib/web/forms/form-route.ts"
import { ownPath } from "#lib/web/forms/own-path.ts"
import { clientAddress } from "#lib/web/read-client-address.ts"
import { callNextAuth, type ProviderCall } from "./call-next-auth.ts"
import { memberOfCookie } from "./current-session.ts"
import { type ProviderAttempt, providerOptions } from "./provider-options.ts"
import { readSessionCookie, sessionCookieName, sessionCookieOptions } from "./session-cookie.ts"

/** Names the session that asks its provider for confirmation, until the browser comes back. */
const CONFIRM_COOKIE = "lapse-confirm"
const CONFIRM_SECONDS = 900
/** Longer than any path of the app. */
const MAX_PATH = 2_000

/** Sends a browser to the provider to sign in, and then on to `next`. */
export async function beginSignIn(request: NextRequest): Promise<Response> {
  const next = wantedPath(request)
  if (configuration.OIDC_ISSUER === undefined) return goTo(`/sign-in${asNext(next)}`)
  if (!isNavigation(request)) return openInBrowser()
  const isSignedIn = await memberOfCookie(sessionCookie(request))
  if (isSignedIn) return goTo(next ?? "/shares")
  const answer = await begin(request, next ?? "/shares", null)
  answer.cookies.set(CONFIRM_COOKIE, "", { ...sessionCookieOptions(), maxAge: 0 })
  return answer
}

/**
 * Sends a signed-in member to the provider to sign in there again. The session stays the same, and
 * is confirmed once the browser comes back.
 */
export async function beginConfirmation(request: NextRequest): Promise<Response> {
  const next = wantedPath(request) ?? "/settings"
  const claim = await readSessionCookie(sessionCookie(request))
  const member = claim && (await findSessionMember(claim))
  if (!member) return goTo(`/sign-in${asNext(next)}`)
  if (!(await canConfirmByProvider(member))) return goTo(next)
  if (!isNavigation(request)) return openInBrowser()
  const answer = await begin(request, next, claim)
  answer.cookies.set(CONFIRM_COOKIE, sign("confirm", member.sessionId), {
    ...sessionCookieOptions(),
    maxAge: CONFIRM_SECONDS,
  })
  return answer
}

/** Answers the callback, to which the provider sends the browser back. */
export async function endSignIn(request: NextRequest): Promise<Response> {
  const confirms = await confirming(request)
  const attempt = attemptOf(request, confirms)
  const query = answerOf(request)
  const answer = await call(request, attempt, { action: "callback", method: "GET", query })
  answer.cookies.set(CONFIRM_COOKIE, "", { ...sessionCookieOptions(), maxAge: 0 })
  return answer
}

const ANSWER = ["code", "state", "iss", "error", "error_description"]

/** The parameters of the provider's answer. Anyone can call the callback with any others. */
function answerOf({ nextUrl: { searchParams } }: NextRequest): Record<string, string> {
  const query = Object.fromEntries([...searchParams].filter(([name]) => ANSWER.includes(name)))
  // The log has the error, and so only what can be a code of OAuth.
  const isCode = query.error === undefined || /^[a-z_]{1,40}$/.test(query.error)
  return isCode ? query : { ...query, error: "unknown_error" }
}

/**
 * Begins a sign-in as its form would. The form's proof that it is the app's own is made here,
 * because nothing but the browser's state, nonce and verifier decides who is signed in at the end.
 */
async function begin(request: NextRequest, next: string, confirms: SessionClaim | null) {
  const attempt = attemptOf(request, confirms)
  const proof = await call(request, attempt, { action: "csrf", method: "GET" })
  if (proof.status !== 200) return proof
  const { csrfToken }: { csrfToken: string } = await proof.json()
  const pairs = proof.cookies.getAll().map(({ name, value }) => [name, value])
  return call(request, attempt, {
    action: "signin",
    method: "POST",
    ...(confirms && { query: { prompt: "login", max_age: "0" } }),
    body: { csrfToken, callbackUrl: next },
    cookies: Object.fromEntries(pairs),
  })
}

/**
 * Calls next-auth; what it, or Lapse in it, refuses becomes a sentence on a page. The begin and the
 * end of a sign-in count as attempts of its address, until it succeeds.
 */
async function call(request: NextRequest, attempt: ProviderAttempt, asked: ProviderCall) {
  // biome-ignore lint/style/noProcessEnv: next-auth is told its origin by nothing else, and a setting left over must not win.
  process.env.NEXTAUTH_URL = new URL(configuration.APP_URL).origin
  let answer: NextResponse | null = null
  try {
    const address = clientAddress(request.headers)
    const step = { purpose: "provider", subject: "", address } as const
    // A begin calls twice.
    const counted = asked.action === "signin" ? null : await checkAttempt(step)
    const provider = await findProvider(configuration.OIDC_ISSUER ?? "")
    const options = providerOptions(attempt, provider)
    answer = await withAddress(address, () =>
      callNextAuth(request, withIssuer(asked, provider), options),
    )
    if (counted && attempt.claim) await clearAttempts(counted)
  } catch (error) {
    attempt.error = error
  }
  const isRefused = /^\/api\/auth\/(error|signin)/.test(ownPath(locationOf(answer)) ?? "")
  if (answer && attempt.error === undefined && !isRefused) return answer
  const refused = goTo(refusedPage(attempt))
  // The proof of a failed attempt is used up too.
  for (const cookie of answer?.cookies.getAll() ?? [])
    if (!cookie.value) refused.cookies.set(cookie)
  return refused
}

/**
 * Adds the empty name of a provider that should have named itself in its answer (RFC 9207), which
 * openid-client refuses: it has the provider's addresses and not the document that says so.
 */
function withIssuer(
  asked: ProviderCall,
  { authorization_response_iss_parameter_supported: namesItself }: Provider,
): ProviderCall {
  if (asked.action !== "callback" || !namesItself) return asked
  return { ...asked, query: { iss: "", ...asked.query } }
}

function refusedPage({ error, confirms }: ProviderAttempt) {
  const refusal = refusalOf(error)
  if (error instanceof ProviderProblem) {
    log.warn({ code: error.code, reason: error.message }, "the provider cannot be used")
  } else if (error !== undefined && !refusal) {
    log.error({ error }, "a sign-in with the provider failed by itself")
  }
  return refusedAt(
    confirms ? CONFIRM_PAGE : "/sign-in",
    refusal ?? providerRefusal("provider_failed"),
  )
}

const attemptOf = ({ headers }: NextRequest, confirms: ProviderAttempt["confirms"]) => ({
  agent: describeUserAgent(headers.get("user-agent") ?? ""),
  confirms,
})

/** The session that this browser asked the provider to confirm, if it is still its session. */
async function confirming(request: NextRequest) {
  const sessionId = readSigned("confirm", request.cookies.get(CONFIRM_COOKIE)?.value)
  if (sessionId === null) return null
  const claim = await readSessionCookie(sessionCookie(request))
  return claim?.sessionId === sessionId ? claim : null
}

const sessionCookie = ({ cookies }: NextRequest) => cookies.get(sessionCookieName())?.value

function wantedPath({ nextUrl }: NextRequest) {
  const path = ownPath(nextUrl.searchParams.get("next"))
  return path && path.length <= MAX_PATH ? path : null
}

const asNext = (next: string | null) => (next ? `?${new URLSearchParams({ next })}` : "")

const locationOf = (answer: NextResponse | null) => answer?.headers.get("location")

/** Only a browser that opens the address can go on to another site. */
const isNavigation = ({ headers }: NextRequest) =>
  ["navigate", null].includes(headers.get("sec-fetch-mode"))

/** Makes Next's router, which fetches pages, open the address in the browser instead. */
const openInBrowser = () =>
  new NextResponse("", { headers: { "Content-Type": "text/plain", "Cache-Control": "no-store" } })

const goTo = (location: string) =>
  new NextResponse(null, {
    status: 303,
    headers: { Location: location, "Cache-Control": "no-store" },
  })
