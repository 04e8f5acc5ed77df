import "server-only"
import { readSessionCookie, sessionCookieName } from "./session-cookie.ts"

type Headers = { cookie?: string | undefined }

/**
 * Whether a request proves that it comes from a member, for decisions before its body is read: by a
 * session cookie that was made here and has not expired. It does not ask the database, so an ended
 * session still counts; the route that gets the request refuses it. Every other credential that
 * admits a member (`Authorization: Bearer`) is checked here too, beside the cookie.
 */
export async function hasSession({ cookie = "" }: Headers): Promise<boolean> {
  return (await readSessionCookie(cookieOf(cookie, sessionCookieName()))) !== null
}

/** The value of a cookie; of several with one name the last, as Next reads them. */
function cookieOf(header: string, name: string): string | undefined {
  const values = header.split(";").flatMap((pair) => {
    const equals = pair.indexOf("=")
    return equals > 0 && pair.slice(0, equals).trim() === name
      ? [pair.slice(equals + 1).trim()]
      : []
  })
  return values.at(-1)
}
