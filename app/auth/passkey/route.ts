import { parse, parseJson } from "#lib/adapters/http/input.ts"
import { refusal } from "#lib/adapters/text/sentences.ts"
import { PasskeyAnswer } from "#lib/rooms/accounts/passkeys/passkey.ts"
import { signInByPasskey } from "#lib/rooms/accounts/passkeys/verify-passkey.ts"
import { formRoute, goOn } from "#lib/web/forms/form-route.ts"
import { clientAddress } from "#lib/web/read-client-address.ts"
import { challengeOf } from "#lib/web/sign-in/challenge-cookie.ts"
import { nextPath, signInPage } from "#lib/web/sign-in/next-path.ts"
import { withSession } from "#lib/web/sign-in/session-answer.ts"
import { cookieReader } from "#lib/web/sign-in/session-cookie.ts"

/**
 * Signs in with a passkey: the field `answer` is what the browser returned, as JSON. Redirects to
 * `next`, a path of the app.
 */
export const POST = formRoute({ page: signInPage }, async (form, request) => {
  const claim = await signInByPasskey({
    answer: parse(PasskeyAnswer, parseJson(form.get("answer") ?? "")),
    challenge: challengeOf(request),
    address: clientAddress(request.headers),
    cookie: cookieReader(request),
  })
  if (!claim) throw refusal("invalid", "passkey")
  return withSession(goOn(request, nextPath(form) ?? "/shares"), request, claim)
})
