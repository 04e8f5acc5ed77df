import "server-only"
import type { NextRequest } from "next/server"
import type { Locale } from "#lib/adapters/text/languages.ts"
import { refusal } from "#lib/adapters/text/sentences.ts"
import { isAdmin, type SessionAdmin, type SessionMember } from "#lib/rooms/accounts/member.ts"
import { withAddress } from "#lib/rooms/audit/origin.ts"
import { requireOwnOrigin } from "#lib/web/forms/own-origin.ts"
import { clientAddress } from "#lib/web/read-client-address.ts"
import { languageOf } from "#lib/web/reader-language.ts"
import { memberOfCookie } from "#lib/web/sign-in/current-session.ts"
import { sessionCookieName } from "#lib/web/sign-in/session-cookie.ts"
import { answerError } from "./answer-error.ts"
import { requireConfirmed } from "./require-confirmed.ts"

type Route<Context> = (request: NextRequest, context: Context) => Promise<Response>
type Handler<Who, Context> = (
  member: Who,
  request: NextRequest,
  context: Context,
) => Promise<Response>

/**
 * Makes a call of the members' API that a member needs to set up a required second factor. It works
 * like memberRoute, which refuses before that.
 */
export function factorRoute<Context>(handler: Handler<SessionMember, Context>): Route<Context> {
  return async (request, context) => {
    let locale: Locale | undefined
    try {
      const member = await caller(request)
      locale = languageOf(member, request.headers)
      const answer = () => handler(member, request, context)
      return uncached(await withAddress(clientAddress(request.headers), answer))
    } catch (error) {
      return answerError(error, request, locale)
    }
  }
}

/**
 * Makes a call of the members' API: checks the session, requires that a write comes from the app's
 * own pages, and answers a Refusal or a bug as problem details, without the text of a bug.
 */
export function memberRoute<Context>(handler: Handler<SessionMember, Context>): Route<Context> {
  return factorRoute(async (member, request, context: Context) => {
    if (member.needsFactor) throw refusal("second_factor_required", "factor_first")
    return handler(member, request, context)
  })
}

/**
 * Makes a call of the admins' API. It works like memberRoute, answers a member who is not an admin
 * with forbidden, and refuses (confirm_required) every write without a confirmation.
 */
export function adminRoute<Context>(handler: Handler<SessionAdmin, Context>): Route<Context> {
  return immediateAdminRoute(async (admin, request, context: Context) => {
    if (!isRead(request)) requireConfirmed(admin)
    return handler(admin, request, context)
  })
}

/**
 * Makes a call of the admins' API that writes without a confirmation: one that only stops access,
 * such as ending sessions in an emergency, or that counts or tests. Its handler calls
 * requireConfirmed for input that destroys something, hands it over or gives access.
 */
export function immediateAdminRoute<Context>(
  handler: Handler<SessionAdmin, Context>,
): Route<Context> {
  return memberRoute(async (member, request, context: Context) => {
    if (!isAdmin(member)) throw refusal("forbidden", "admins_only")
    return handler(member, request, context)
  })
}

async function caller(request: NextRequest): Promise<SessionMember> {
  if (/^bearer\b/i.test(request.headers.get("authorization") ?? "")) {
    throw refusal("signed_out", "no_tokens")
  }
  const member = await memberOfCookie(request.cookies.get(sessionCookieName())?.value)
  if (!member) throw refusal("signed_out", "signed_out")
  if (!isRead(request)) requireOwnOrigin(request.headers)
  return member
}

const isRead = ({ method }: NextRequest) => method === "GET" || method === "HEAD"

function uncached(response: Response) {
  if (!response.headers.has("cache-control")) response.headers.set("Cache-Control", "no-store")
  return response
}
