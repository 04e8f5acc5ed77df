import "server-only"
import type { CookieReply, CookieRequest } from "#lib/adapters/http/cookies.ts"
import { CHALLENGE_SECONDS } from "#lib/rooms/accounts/passkeys/challenge.ts"
import { isHttps } from "./session-cookie.ts"

const NAME = "lapse-passkey"

/** Binds the challenge of a passkey to the browser that asked for it. */
export function withChallenge<Answer extends CookieReply>(answer: Answer, cookie: string): Answer {
  answer.cookies.set(NAME, cookie, {
    httpOnly: true,
    sameSite: "strict",
    secure: isHttps(),
    path: "/",
    maxAge: CHALLENGE_SECONDS,
  })
  return answer
}

/** The cookie of the challenge that a request answers. */
export const challengeOf = (request: CookieRequest) => request.cookies.get(NAME)?.value
