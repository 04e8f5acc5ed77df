import "server-only"
import { type NextRequest, NextResponse } from "next/server"
import { configuration } from "#lib/adapters/configuration.ts"
import type { Refusal } from "#lib/adapters/errors.ts"
import { log } from "#lib/adapters/monitoring/log.ts"
import {
  type Authorization,
  beginAuthorization,
  endAuthorization,
} from "#lib/adapters/oidc/authorization.ts"
import { claimText } from "#lib/adapters/oidc/claim-text.ts"
import { ProviderProblem } from "#lib/adapters/oidc/provider.ts"
import { refusalOf } from "#lib/adapters/outages/refusal-of.ts"
import { readSigned, sign } from "#lib/adapters/secrets.ts"
import { checkAttempt, clearAttempts } from "#lib/adapters/throttle/attempt-limits.ts"
import { Email } from "#lib/rooms/accounts/member.ts"
import {
  CONFIRM_PAGE,
  canConfirmByProvider,
  confirmByProvider,
} from "#lib/rooms/accounts/provider/confirm-by-provider.ts"
import {
  type Claims,
  lacksClaims,
  mergeClaims,
  personOf,
  signedInAt,
} from "#lib/rooms/accounts/provider/judge-claims.ts"
import { faultOf } from "#lib/rooms/accounts/provider/provider-fault.ts"
import {
  claimRules,
  providerRefusal,
  signInByProvider,
} from "#lib/rooms/accounts/provider/sign-in-by-provider.ts"
import { findKnownMember } from "#lib/rooms/accounts/sign-in/known-browser.ts"
import { countRefusedByProvider } from "#lib/rooms/accounts/sign-in/record-failed-sign-ins.ts"
import { findSessionMember, type SessionClaim } from "#lib/rooms/accounts/sign-in/session.ts"
import { withAddress } from "#lib/rooms/audit/origin.ts"
import { endUploads } from "#lib/rooms/files/upload/end-uploads.ts"
import { refusedAt } from "#lib/web/forms/form-route.ts"
import { namedSentence } from "#lib/web/forms/refused-form.ts"
import { clientAddress } from "#lib/web/read-client-address.ts"
import { memberOfCookie } from "./current-session.ts"
import { nextPath, signInPageFor } from "./next-path.ts"
import { withSession } from "./session-answer.ts"
import { readSessionCookie, sessionCookieName, sessionCookieOptions } from "./session-cookie.ts"

/** The cookie of a sign-in or confirmation in progress. */
const BEGUN_COOKIE = "lapse-provider"
const BEGUN_SECONDS = 900

/** Sends a browser to the provider to sign in, and then on to `next`. */
export async function beginSignIn(request: NextRequest): Promise<Response> {
  const next = nextPath(request.nextUrl.searchParams.get("next"))
  if (configuration.OIDC_ISSUER === undefined) return goTo(signInPageFor(next))
  if (!isNavigation(request)) return openInBrowser()
  const isSignedIn = await memberOfCookie(sessionCookie(request))
  if (isSignedIn) return goTo(next ?? "/shares")
  return begin(request, next ?? "/shares", null)
}

/**
 * Sends a signed-in member to the provider to sign in there again. The session stays the same, and
 * is confirmed once the browser returns.
 */
export async function beginConfirmation(request: NextRequest): Promise<Response> {
  const next = nextPath(request.nextUrl.searchParams.get("next")) ?? "/settings"
  const claim = await readSessionCookie(sessionCookie(request))
  const member = claim && (await findSessionMember(claim))
  if (!member) return goTo(signInPageFor(next))
  if (!(await canConfirmByProvider(member))) return goTo(next)
  if (!isNavigation(request)) return openInBrowser()
  return begin(request, next, claim)
}

/**
 * Answers the callback to which the provider sends the browser back. Anyone can send a browser
 * here, so an answer to a sign-in that this browser did not begin changes nothing, and is neither
 * counted nor recorded.
 */
export async function endSignIn(request: NextRequest): Promise<Response> {
  const { searchParams } = request.nextUrl
  const begun = readBegun(request)
  if (begun?.state !== searchParams.get("state")) {
    return goTo(refusedAt("/sign-in", providerRefusal("provider_failed")))
  }
  const answer = await withAddress(clientAddress(request.headers), () => end(request, begun))
  answer.cookies.set(BEGUN_COOKIE, "", { ...sessionCookieOptions(), maxAge: 0 })
  return answer
}

async function begin(request: NextRequest, next: string, confirms: SessionClaim | null) {
  try {
    await checkAttempt(stepOf(request))
    const { url, authorization } = await beginAuthorization(confirms ? ASK_AGAIN : {})
    const answer = goTo(url)
    const options = { ...sessionCookieOptions(), maxAge: BEGUN_SECONDS }
    const sessionId = confirms?.sessionId ?? ""
    answer.cookies.set(BEGUN_COOKIE, signBegun({ ...authorization, sessionId, next }), options)
    return answer
  } catch (error) {
    return goTo(refusedAt(pageOf(confirms), refusalFor(error)))
  }
}

async function end(request: NextRequest, begun: Begun) {
  const confirms = await sessionToConfirm(request, begun.sessionId)
  let who: string | null = null
  try {
    const counted = await checkAttempt(stepOf(request))
    const { searchParams } = request.nextUrl
    const { claims: token, idToken, askUserinfo } = await endAuthorization(searchParams, begun)
    const rules = await claimRules()
    const claims = lacksClaims(token, rules) ? mergeClaims(token, await askUserinfo()) : token
    who = whoOf(claims)
    const person = personOf(claims, rules)
    const { issuer, subject } = person
    const authTime = signedInAt(claims)
    const answer = goTo(begun.next)
    if (confirms) {
      const member = await findSessionMember(confirms)
      if (!member) throw providerRefusal("provider_failed")
      await confirmByProvider(member, { issuer, subject, authTime })
    } else {
      const member = await signInByProvider(person, endUploads)
      const sid = claimText(claims.sid)
      const session = { issuer, subject, sid, idToken, authTime: authTime ?? null }
      await withSession(answer, request, member, session)
    }
    await clearAttempts(counted)
    return answer
  } catch (error) {
    const refusal = refusalFor(error)
    if (!confirms) await countRefusal(who, refusal)
    return goTo(refusedAt(pageOf(confirms), refusal))
  }
}

/** Makes the provider ask for the password even if the member is signed in there. */
const ASK_AGAIN = { prompt: "login", max_age: "0" }

const whoOf = ({ email, sub }: Claims) => Email.safeParse(email).data ?? claimText(sub)

/** Returns the page that shows why a sign-in or a confirmation was refused. */
const pageOf = (confirms: SessionClaim | null) => (confirms ? CONFIRM_PAGE : "/sign-in")

/**
 * The start and the end of a sign-in count as attempts until it succeeds. If a member signed in
 * with this browser before, they count for the browser, so that strangers at its address cannot
 * lock it out; otherwise they count for the address.
 */
function stepOf({ headers, cookies }: NextRequest) {
  const known = findKnownMember(cookies.getAll())
  const [subject, knownBrowser] = [known?.memberId ?? "", known?.browser ?? null]
  return { purpose: "provider", subject, address: clientAddress(headers), knownBrowser } as const
}

function refusalFor(error: unknown): Refusal {
  if (error instanceof ProviderProblem) {
    const { code, message } = error
    log.warn({ code, reason: message }, "a sign-in with the provider failed")
    return providerRefusal(faultOf(error))
  }
  const refusal = refusalOf(error)
  if (refusal) return refusal
  log.error({ error }, "a sign-in with the provider failed by itself")
  return providerRefusal("provider_failed")
}

/** Records why an answer of the provider was refused; an outage of Lapse is not recorded. */
async function countRefusal(who: string | null, { sentence }: Refusal) {
  const reason = namedSentence(sentence?.key)
  if (reason?.startsWith("provider_")) await countRefusedByProvider({ reason, who })
}

/** The sign-in or confirmation that a browser began most recently. */
type Begun = Authorization & {
  /** The session to confirm; empty for a sign-in. */
  sessionId: string
  /** The path to open afterwards. */
  next: string
}

const signBegun = ({ state, nonce, verifier, sessionId, next }: Begun) =>
  sign(
    "provider",
    [state, nonce, verifier, sessionId, Buffer.from(next).toString("base64url")].join("~"),
  )

function readBegun({ cookies }: NextRequest): Begun | null {
  const begun = readSigned("provider", cookies.get(BEGUN_COOKIE)?.value)
  const [state = "", nonce = "", verifier = "", sessionId = "", next] = begun?.split("~") ?? []
  if (next === undefined) return null
  return { state, nonce, verifier, sessionId, next: Buffer.from(next, "base64url").toString() }
}

/** Returns the session that this browser asked to confirm, if the browser still has it. */
async function sessionToConfirm(request: NextRequest, sessionId: string) {
  if (!sessionId) return null
  const claim = await readSessionCookie(sessionCookie(request))
  return claim?.sessionId === sessionId ? claim : null
}

const sessionCookie = ({ cookies }: NextRequest) => cookies.get(sessionCookieName())?.value

/** Only a browser that opens the address in a tab can continue to another site; a frame cannot. */
const isNavigation = ({ headers }: NextRequest) =>
  ["navigate", null].includes(headers.get("sec-fetch-mode")) &&
  ["document", null].includes(headers.get("sec-fetch-dest"))

/** Answers a fetch of Next's router so that it opens the address in the browser instead. */
const openInBrowser = () =>
  new NextResponse("", { headers: { "Content-Type": "text/plain", "Cache-Control": "no-store" } })

const goTo = (location: string) =>
  new NextResponse(null, {
    status: 303,
    headers: { Location: location, "Cache-Control": "no-store" },
  })
