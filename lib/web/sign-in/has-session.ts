import "server-only"
import { refusal } from "#lib/adapters/text/sentences.ts"
import type { MemberId } from "#lib/rooms/accounts/member.ts"
import { findSessionMember } from "#lib/rooms/accounts/sign-in/session.ts"
import { isKnownToken, memberOfToken } from "#lib/rooms/accounts/tokens/member-of-token.ts"
import { readSessionCookie, sessionCookieName } from "./session-cookie.ts"

type Headers = { cookie?: string | undefined; authorization?: string | undefined }

/** Returns what follows `Bearer` in a request's header; null without it. */
export function bearerOf(authorization: string | null | undefined): string | null {
  const found = /^bearer\b\s*(.*)$/i.exec(authorization?.trim() ?? "")
  return found ? (found[1] ?? "") : null
}

/**
 * Whether a request has a session cookie that was made here and has not expired, or a token that
 * was valid at its last call. It makes no query, so an ended session still counts; the route
 * refuses it later. Any other credential that admits a member must be checked here too.
 */
export async function hasSession(headers: Headers): Promise<boolean> {
  const bearer = bearerOf(headers.authorization)
  return bearer === null ? (await claimOf(headers)) !== null : isKnownToken(bearer)
}

/**
 * Returns the id of the member whose active session or token a request has; null without a cookie
 * that was made here. Makes one query if there is one. Refuses (signed_out) what has ended.
 */
export async function findMemberId(headers: Headers, address: string): Promise<MemberId | null> {
  const bearer = bearerOf(headers.authorization)
  if (bearer !== null) return (await memberOfToken(bearer, address)).id
  const claim = await claimOf(headers)
  if (!claim) return null
  const member = await findSessionMember(claim)
  if (!member) throw refusal("signed_out", "signed_out")
  return member.id
}

const claimOf = ({ cookie = "" }: Headers) =>
  readSessionCookie(cookieOf(cookie, sessionCookieName()))

/** Returns the value of a cookie. Of several with the same name it takes the last, as Next does. */
function cookieOf(header: string, name: string): string | undefined {
  const values = header.split(";").flatMap((pair) => {
    const equals = pair.indexOf("=")
    return equals > 0 && pair.slice(0, equals).trim() === name
      ? [pair.slice(equals + 1).trim()]
      : []
  })
  return values.at(-1)
}
