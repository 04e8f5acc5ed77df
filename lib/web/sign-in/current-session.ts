import "server-only"
import { cookies, headers } from "next/headers"
import { redirect } from "next/navigation"
import { cache } from "react"
import { teamOf } from "#lib/adapters/http/owner-path.ts"
import { refusal } from "#lib/adapters/text/sentences.ts"
import {
  isAdmin,
  isAuditor,
  type SessionAdmin,
  type SessionAuditor,
  type SessionMember,
} from "#lib/rooms/accounts/member.ts"
import { findSessionMember as findMember } from "#lib/rooms/accounts/sign-in/session.ts"
import { readSessionCookie, sessionCookieName } from "./session-cookie.ts"

/**
 * Returns the member of a session cookie, who acts for this team; null if the session has ended.
 * One statement. Refuses (not_found) a team that the person is not in.
 */
export async function memberOfCookie(
  value: string | undefined,
  team: string | null = null,
): Promise<SessionMember | null> {
  const claim = await readSessionCookie(value)
  return claim ? findMember(claim, team) : null
}

/**
 * Returns the signed-in member, or null. Makes one query per page. On a page below `/t/{team}` the
 * member acts for the team. Refuses (not_found) one that the person is not in.
 */
export const findSessionMember = cache(async (): Promise<SessionMember | null> => {
  const path = wantedPath((await headers()).get("x-lapse-path"))
  return memberOfCookie((await cookies()).get(sessionCookieName())?.value, teamOf(path ?? ""))
})

/**
 * Returns the signed-in member for a member's page. Redirects anyone else to the sign-in page,
 * which leads back, and a member who lacks a required second factor to its setup.
 */
export async function memberPage(): Promise<SessionMember> {
  const member = await findSessionMember()
  if (member && !member.needsFactor) return member
  const path = wantedPath((await headers()).get("x-lapse-path"))
  const page = member ? "/second-factor" : "/sign-in"
  redirect(path ? `${page}?next=${encodeURIComponent(path)}` : page)
}

// Returns the path of the page, without the parameter that the router adds to its own fetches.
function wantedPath(path: string | null) {
  const url = path === null ? null : URL.parse(path, "http://localhost")
  if (!url) return null
  url.searchParams.delete("_rsc")
  return `${url.pathname}${url.search}`
}

/** Returns the signed-in auditor or admin for a page that changes nothing. Refuses like adminPage. */
export async function auditorPage(): Promise<SessionAuditor> {
  const member = await memberPage()
  if (isAuditor(member)) return member
  throw refusal("not_found", "nothing")
}

/** Returns the signed-in admin for a page. Refuses (not_found) others, as if it did not exist. */
export async function adminPage(): Promise<SessionAdmin> {
  const member = await memberPage()
  if (isAdmin(member)) return member
  throw refusal("not_found", "nothing")
}
