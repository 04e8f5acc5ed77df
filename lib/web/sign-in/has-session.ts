import "server-only"
import { refusal } from "#lib/adapters/text/sentences.ts"
import type { MemberId } from "#lib/rooms/accounts/member.ts"
import { findSessionMember } from "#lib/rooms/accounts/sign-in/session.ts"
import { readSessionCookie, sessionCookieName } from "./session-cookie.ts"

type Headers = { cookie?: string | undefined }

/**
 * Whether a request has a session cookie that was made here and has not expired. It makes no query,
 * so an ended session still counts; the route refuses it later. Any other credential that admits a
 * member, such as `Authorization: Bearer`, must be checked here too.
 */
export const hasSession = async (headers: Headers): Promise<boolean> =>
  (await claimOf(headers)) !== null

/**
 * Returns the id of the member whose active session a request has; null without a cookie that was
 * made here. Makes one query if there is such a cookie. Refuses (signed_out) a session that ended.
 */
export async function findMemberId(headers: Headers): Promise<MemberId | null> {
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
