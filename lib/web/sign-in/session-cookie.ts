import "server-only"
import { decode, encode } from "next-auth/jwt"
import { z } from "zod"
import { configuration } from "#lib/adapters/configuration.ts"
import type { CookieReply, CookieRequest } from "#lib/adapters/http/cookies.ts"
import { Uuid } from "#lib/adapters/text/uuid.ts"
import {
  KNOWN_BROWSER_SECONDS,
  knownBrowserCookie,
  signKnownBrowser,
} from "#lib/rooms/accounts/sign-in/known-browser.ts"
import {
  SESSION_SECONDS,
  type SessionClaim,
  type VerifiedMember,
} from "#lib/rooms/accounts/sign-in/session.ts"

/** Whether members connect by https, so that cookies may be marked Secure. */
export const isHttps = () => configuration.APP_URL.startsWith("https://")

/** next-auth's own name for the session cookie. */
export const sessionCookieName = () =>
  isHttps() ? "__Secure-next-auth.session-token" : "next-auth.session-token"

export const sessionCookieOptions = () => ({
  httpOnly: true,
  sameSite: "lax" as const,
  path: "/",
  secure: isHttps(),
})

/** Returns a function that reads the cookies of a request. */
export const cookieReader = (request: CookieRequest) => (name: string) =>
  request.cookies.get(name)?.value

/** Marks the browser as known to the account that it signed in to, even after the session ends. */
export function keepKnownBrowser<Answer extends CookieReply>(
  answer: Answer,
  request: CookieRequest,
  { memberId }: VerifiedMember,
): Answer {
  const name = knownBrowserCookie(memberId)
  const value = signKnownBrowser({ kind: "member", id: memberId }, cookieReader(request)(name))
  const options = { ...sessionCookieOptions(), maxAge: KNOWN_BROWSER_SECONDS }
  answer.cookies.set(name, value, options)
  return answer
}

const Token = z.object({ sub: Uuid, sid: Uuid, epoch: z.int() }).transform(
  ({ sub, sid, epoch }): SessionClaim => ({
    sessionId: sid,
    memberId: sub,
    sessionEpoch: epoch,
  }),
)

/** The content of next-auth's token. */
export const tokenOf = ({ sessionId, memberId, sessionEpoch }: SessionClaim) => ({
  sub: memberId,
  sid: sessionId,
  epoch: sessionEpoch,
})

/** Reads the member from next-auth's token; null if Lapse did not make it. */
export function readToken(token: unknown): SessionClaim | null {
  return Token.safeParse(token).data ?? null
}

/** Returns a session cookie's content; null if altered, expired or missing. Makes no query. */
export async function readSessionCookie(value: string | undefined): Promise<SessionClaim | null> {
  if (!value) return null
  try {
    return readToken(await decode({ token: value, secret: configuration.AUTH_SECRET }))
  } catch {
    return null // a value that does not decrypt was not made here
  }
}

/** Makes a session cookie's value, as next-auth would. */
export function makeSessionCookie(claim: SessionClaim): Promise<string> {
  return encode({
    token: tokenOf(claim),
    secret: configuration.AUTH_SECRET,
    maxAge: SESSION_SECONDS,
  })
}
