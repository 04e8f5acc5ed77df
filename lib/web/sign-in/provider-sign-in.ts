import "server-only"
import { type NextRequest, NextResponse } from "next/server"
import { CONFIRM_PAGE, canConfirmByProvider } from "#lib/accounts/provider/confirm-by-provider.ts"
import { faultOf } from "#lib/accounts/provider/provider-fault.ts"
import { providerRefusal } from "#lib/accounts/provider/sign-in-by-provider.ts"
import { countRefusedByProvider } from "#lib/accounts/sign-in/failed-sign-ins.ts"
import { findKnownMember } from "#lib/accounts/sign-in/known-browser.ts"
import { findSessionMember, type SessionClaim } from "#lib/accounts/sign-in/session.ts"
import { checkAttempt, clearAttempts } from "#lib/accounts/sign-in/throttle.ts"
import { withAddress } from "#lib/audit/origin.ts"
import { describeUserAgent } from "#lib/claims/visitor/user-agent.ts"
import { configuration } from "#lib/configuration.ts"
import type { Refusal } from "#lib/errors.ts"
import { log } from "#lib/monitoring/log.ts"
import { findProvider, type Provider, ProviderProblem } from "#lib/oidc/provider.ts"
import { refusalOf } from "#lib/outages/refusal-of.ts"
import { readSigned, sign } from "#lib/secrets.ts"
import { refusedAt } from "#lib/web/forms/form-route.ts"
import { ownPath } from "#lib/web/forms/own-path.ts"
import { namedSentence } from "#lib/web/forms/refused-form.ts"
import { clientAddress } from "#lib/web/read-client-address.ts"
import { callNextAuth, type ProviderCall } from "./call-next-auth.ts"
import { memberOfCookie } from "./current-session.ts"
import { type ProviderAttempt, providerOptions } from "./provider-options.ts"
import {
  knownBrowserCookieFor,
  readSessionCookie,
  sessionCookieName,
  sessionCookieOptions,
} from "./session-cookie.ts"

/**
 * The cookie of a sign-in under way: the state, which the answer has to name, and the session that
 * asks its provider for confirmation.
 */
const BEGUN_COOKIE = "lapse-provider"
const BEGUN_SECONDS = 900
/** Longer than any path of the app. */
const MAX_PATH = 2_000

/** Sends a browser to the provider to sign in, and then on to `next`. */
export async function beginSignIn(request: NextRequest): Promise<Response> {
  const next = wantedPath(request)
  if (configuration.OIDC_ISSUER === undefined) return goTo(`/sign-in${asNext(next)}`)
  if (!isNavigation(request)) return openInBrowser()
  const isSignedIn = await memberOfCookie(sessionCookie(request))
  if (isSignedIn) return goTo(next ?? "/shares")
  return begin(request, next ?? "/shares", null)
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
  return begin(request, next, claim)
}

/**
 * Answers the callback, to which the provider sends the browser back. Anyone can send a browser
 * here: an answer to a sign-in that this browser did not begin is neither counted nor recorded, and
 * changes nothing.
 */
export async function endSignIn(request: NextRequest): Promise<Response> {
  const query = answerOf(request)
  const begun = readBegun(request)
  if (!begun || begun.state !== query.state) {
    return goTo(refusedAt("/sign-in", providerRefusal("provider_failed")))
  }
  const confirms = await sessionToConfirm(request, begun.sessionId)
  const attempt = attemptOf(request, confirms)
  const answer = await call(request, attempt, { action: "callback", method: "GET", query })
  answer.cookies.set(BEGUN_COOKIE, "", { ...sessionCookieOptions(), maxAge: 0 })
  if (!attempt.claim || confirms) return answer
  const known = knownBrowserCookieFor(attempt.claim, (name) => request.cookies.get(name)?.value)
  answer.cookies.set(known.name, known.value, known.options)
  return answer
}

const ANSWER = ["code", "state", "iss", "error", "error_description"]

/** The parameters of the provider's answer. Anyone can call the callback with any others. */
function answerOf({ nextUrl: { searchParams } }: NextRequest): Record<string, string> {
  const query = Object.fromEntries([...searchParams].filter(([name]) => ANSWER.includes(name)))
  // The error is logged, so only text in the form of an OAuth code is accepted.
  const isCode = query.error === undefined || /^[a-z_]{1,40}$/.test(query.error)
  return isCode ? query : { ...query, error: "unknown_error" }
}

/**
 * Begins a sign-in as next-auth's form would. It makes the form's CSRF token itself, because only
 * the browser's state, nonce and verifier decide who is signed in at the end.
 */
async function begin(request: NextRequest, next: string, confirms: SessionClaim | null) {
  const attempt = attemptOf(request, confirms)
  const proof = await call(request, attempt, { action: "csrf", method: "GET" })
  if (proof.status !== 200) return proof
  const { csrfToken }: { csrfToken: string } = await proof.json()
  const pairs = proof.cookies.getAll().map(({ name, value }) => [name, value])
  const answer = await call(request, attempt, {
    action: "signin",
    method: "POST",
    ...(confirms && { query: { prompt: "login", max_age: "0" } }),
    body: { csrfToken, callbackUrl: next },
    cookies: Object.fromEntries(pairs),
  })
  const state = URL.parse(locationOf(answer) ?? "")?.searchParams.get("state")
  const begun = [state, confirms?.sessionId ?? ""].join("~")
  if (state) {
    const options = { ...sessionCookieOptions(), maxAge: BEGUN_SECONDS }
    answer.cookies.set(BEGUN_COOKIE, sign("provider", begun), options)
  }
  return answer
}

/**
 * Calls next-auth and turns refusals by it or by Lapse into a page. The start and the end of a
 * sign-in count as attempts until it succeeds: of the browser if a member signed in with it before,
 * so that strangers at its address cannot keep it out, otherwise of the address.
 */
async function call(request: NextRequest, attempt: ProviderAttempt, asked: ProviderCall) {
  // biome-ignore lint/style/noProcessEnv: next-auth is told its origin by nothing else, and a setting left over must not win.
  process.env.NEXTAUTH_URL = new URL(configuration.APP_URL).origin
  let answer: NextResponse | null = null
  try {
    const address = clientAddress(request.headers)
    // Starting a sign-in makes two calls.
    const counted = asked.action === "signin" ? null : await checkAttempt(stepOf(request))
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
  const refusal = refusalFor(attempt)
  if (asked.action === "callback" && !attempt.confirms)
    await countRefusal(request, attempt, refusal)
  const refused = goTo(refusedAt(attempt.confirms ? CONFIRM_PAGE : "/sign-in", refusal))
  // A failed attempt uses up its proof too.
  for (const cookie of answer?.cookies.getAll() ?? [])
    if (!cookie.value) refused.cookies.set(cookie)
  return refused
}

/**
 * Adds an empty issuer (RFC 9207) to an answer whose provider should have named itself, so that
 * openid-client refuses it: openid-client has the provider's addresses, but not the document that
 * announces the issuer.
 */
function withIssuer(
  asked: ProviderCall,
  { authorization_response_iss_parameter_supported: namesItself }: Provider,
): ProviderCall {
  if (asked.action !== "callback" || !namesItself) return asked
  return { ...asked, query: { iss: "", ...asked.query } }
}

function stepOf({ headers, cookies }: NextRequest) {
  const known = findKnownMember(cookies.getAll())
  const [subject, knownBrowser] = [known?.memberId ?? "", known?.browser ?? null]
  return { purpose: "provider", subject, address: clientAddress(headers), knownBrowser } as const
}

function refusalFor({ error, said }: ProviderAttempt): Refusal {
  const refusal = refusalOf(error)
  if (refusal) return refusal
  if (error instanceof ProviderProblem) {
    const { code, message } = error
    log.warn({ code, reason: message }, "the provider cannot be used")
    return providerRefusal(faultOf(error))
  }
  if (error === undefined) return providerRefusal(said ? faultOf(said) : "provider_failed")
  log.error({ error }, "a sign-in with the provider failed by itself")
  return providerRefusal("provider_failed")
}

/** Records why an answer of the provider was refused; an outage of Lapse is not recorded. */
async function countRefusal(
  { headers }: NextRequest,
  { who }: ProviderAttempt,
  { sentence }: Refusal,
) {
  const reason = namedSentence(sentence?.key)
  if (!reason?.startsWith("provider_")) return
  await withAddress(clientAddress(headers), () =>
    countRefusedByProvider({ reason, who: who ?? null }),
  )
}

const attemptOf = (
  { headers }: NextRequest,
  confirms: ProviderAttempt["confirms"],
): ProviderAttempt => ({
  agent: describeUserAgent(headers.get("user-agent") ?? ""),
  confirms,
})

/** The sign-in that this browser began last. */
function readBegun({ cookies }: NextRequest) {
  const begun = readSigned("provider", cookies.get(BEGUN_COOKIE)?.value)
  if (begun === null) return null
  const [state, sessionId] = begun.split("~")
  return { state, sessionId }
}

/** The session that this browser asked the provider to confirm, if it is still its session. */
async function sessionToConfirm(request: NextRequest, sessionId: string | undefined) {
  if (!sessionId) return null
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

/** Only a browser that opens the address in a tab can go on to another site; a frame cannot. */
const isNavigation = ({ headers }: NextRequest) =>
  ["navigate", null].includes(headers.get("sec-fetch-mode")) &&
  ["document", null].includes(headers.get("sec-fetch-dest"))

/** Makes Next's router, which fetches pages, open the address in the browser instead. */
const openInBrowser = () =>
  new NextResponse("", { headers: { "Content-Type": "text/plain", "Cache-Control": "no-store" } })

const goTo = (location: string) =>
  new NextResponse(null, {
    status: 303,
    headers: { Location: location, "Cache-Control": "no-store" },
  })
