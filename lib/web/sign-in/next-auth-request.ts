import "server-only"
import { type NextRequest, NextResponse } from "next/server"
import { configuration } from "#lib/adapters/configuration.ts"
import { refusal } from "#lib/adapters/text/sentences.ts"
import { answerError } from "#lib/web/answer-error.ts"
import { isHttps, sessionCookieOptions } from "./session-cookie.ts"

/**
 * Answers 400 to requests that next-auth would answer with 500 and an error in the log: a
 * callbackUrl that is not an address, and an error text that does not fit into a Location header.
 * Returns null for all other requests.
 */
export function refuseUnreadable(request: NextRequest): Response | null {
  const { searchParams, pathname } = request.nextUrl
  const callbackUrl = searchParams.get("callbackUrl")
  if (callbackUrl && !isAddress(callbackUrl)) return invalid(request, "callbackUrl")
  const error = searchParams.get("error") ?? pathname.split("/")[4]
  if (error && !/^[\w-]*$/.test(error)) return invalid(request, "error")
  return withoutWrongCookie(request)
}

/**
 * Drops next-auth's cookie with the target of a sign-in if it is not an address, so that the next
 * request succeeds. Another app under the same host name may have set it.
 */
function withoutWrongCookie(request: NextRequest): Response | null {
  const name = isHttps() ? "__Secure-next-auth.callback-url" : "next-auth.callback-url"
  const value = request.cookies.get(name)?.value
  if (!value || isAddress(value)) return null
  const refused = invalid(request, "callbackUrl")
  const answer = new NextResponse(refused.body, refused)
  answer.cookies.set(name, "", { ...sessionCookieOptions(), maxAge: 0 })
  return answer
}

const invalid = (request: NextRequest, field: string) =>
  answerError(refusal("invalid", "input_unreadable", {}, { field }), request)

/** Whether next-auth would accept a text as an address. */
function isAddress(text: string) {
  const url = URL.parse(text, text.startsWith("/") ? configuration.APP_URL : undefined)
  return url !== null && /^https?:/.test(url.protocol)
}
