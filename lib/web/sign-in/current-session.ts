import "server-only"
import { cookies, headers } from "next/headers"
import { redirect } from "next/navigation"
import type { NextRequest, NextResponse } from "next/server"
import { cache } from "react"
import { isAdmin, type SessionAdmin, type SessionMember } from "#lib/accounts/member.ts"
import {
  findSessionMember as findMember,
  SESSION_SECONDS,
  type SignedOut,
  signOut,
  startSession,
  type VerifiedMember,
} from "#lib/accounts/sign-in/session.ts"
import { describeUserAgent } from "#lib/claims/visitor/user-agent.ts"
import { sayStatus } from "#lib/web/document.ts"
import {
  knownBrowserCookieFor,
  makeSessionCookie,
  readSessionCookie,
  sessionCookieName,
  sessionCookieOptions,
} from "./session-cookie.ts"

/**
 * Returns the member a session cookie belongs to, or null if the session has ended. One statement.
 */
export async function memberOfCookie(value: string | undefined): Promise<SessionMember | null> {
  const claim = await readSessionCookie(value)
  return claim ? findMember(claim) : null
}

/** Returns the signed-in member, or null. Asked once per page. */
export const findSessionMember = cache(async (): Promise<SessionMember | null> => {
  return memberOfCookie((await cookies()).get(sessionCookieName())?.value)
})

/**
 * Returns the signed-in member for a member's page; anyone else is redirected to sign in and then
 * back, and a member who lacks a required second factor to set one up.
 */
export async function memberPage(): Promise<SessionMember> {
  const member = await findSessionMember()
  if (member && !member.needsFactor) return member
  const path = wantedPath((await headers()).get("x-lapse-path"))
  const page = member ? "/second-factor" : "/sign-in"
  redirect(path ? `${page}?next=${encodeURIComponent(path)}` : page)
}

// The path of the page, without the parameter that the router's own fetches add.
function wantedPath(path: string | null) {
  const url = path === null ? null : URL.parse(path, "http://localhost")
  if (!url) return null
  url.searchParams.delete("_rsc")
  return `${url.pathname}${url.search}`
}

/**
 * Returns the signed-in admin for an admin's page. For a member who is not an admin it returns null
 * and sets 404, as if the page did not exist.
 */
export async function adminPage(): Promise<SessionAdmin | null> {
  const member = await memberPage()
  if (isAdmin(member)) return member
  sayStatus(404)
  return null
}

/**
 * Signs the browser of a request in with its answer. Use it only after a password or a one-time
 * link was right.
 */
export async function withSession(
  answer: NextResponse,
  request: NextRequest,
  claim: VerifiedMember,
): Promise<NextResponse> {
  const agent = describeUserAgent(request.headers.get("user-agent") ?? "")
  const session = await startSession(claim, agent)
  answer.cookies.set(sessionCookieName(), await makeSessionCookie(session), {
    ...sessionCookieOptions(),
    maxAge: SESSION_SECONDS,
  })
  const known = knownBrowserCookieFor(claim, (name) => request.cookies.get(name)?.value)
  answer.cookies.set(known.name, known.value, known.options)
  return answer
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
