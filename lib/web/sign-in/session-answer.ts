import "server-only"
import type { NextRequest, NextResponse } from "next/server"
import type { CookieReply, CookieRequest } from "#lib/adapters/http/cookies.ts"
import { describeUserAgent } from "#lib/adapters/http/user-agent.ts"
import {
  type ProviderSession,
  SESSION_SECONDS,
  type SignedOut,
  signOut,
  startSession,
  type VerifiedMember,
} from "#lib/rooms/accounts/sign-in/session.ts"
import {
  keepKnownBrowser,
  makeSessionCookie,
  readSessionCookie,
  sessionCookieName,
  sessionCookieOptions,
} from "./session-cookie.ts"

/** Starts a session for the client that a request names. */
export const startSessionOf = (
  request: CookieRequest,
  claim: VerifiedMember,
  provider: ProviderSession | null = null,
) => startSession(claim, describeUserAgent(request.headers.get("user-agent") ?? ""), provider)

/**
 * Signs the browser of a request in with its answer. Use it only after a password, a one-time link
 * or the answer of the provider was right.
 */
export async function withSession<Answer extends CookieReply>(
  answer: Answer,
  request: CookieRequest,
  claim: VerifiedMember,
  provider: ProviderSession | null = null,
): Promise<Answer> {
  const session = await startSessionOf(request, claim, provider)
  answer.cookies.set(sessionCookieName(), await makeSessionCookie(session), {
    ...sessionCookieOptions(),
    maxAge: SESSION_SECONDS,
  })
  return keepKnownBrowser(answer, request, claim)
}

/** Ends the session of a request's browser, if any, and removes its cookie with the answer. */
export async function withoutSession(
  request: NextRequest,
  answerTo: (session: SignedOut | null) => NextResponse | Promise<NextResponse>,
): Promise<NextResponse> {
  const claim = await readSessionCookie(request.cookies.get(sessionCookieName())?.value)
  const answer = await answerTo(claim && (await signOut(claim)))
  answer.cookies.set(sessionCookieName(), "", { ...sessionCookieOptions(), maxAge: 0 })
  return answer
}
