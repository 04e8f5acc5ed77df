import { type NextRequest, NextResponse } from "next/server"
import { askForPasskey } from "#lib/rooms/accounts/passkeys/verify-passkey.ts"
import { answerError } from "#lib/web/answer-error.ts"
import { requireOwnOrigin } from "#lib/web/forms/own-origin.ts"
import { withChallenge } from "#lib/web/sign-in/challenge-cookie.ts"

/** Returns the WebAuthn request options for a sign-in with a passkey. Stores nothing. */
export async function POST(request: NextRequest): Promise<Response> {
  try {
    requireOwnOrigin(request.headers)
    const { options, cookie } = await askForPasskey(null)
    const answer = NextResponse.json(options, { headers: { "Cache-Control": "no-store" } })
    return withChallenge(answer, cookie)
  } catch (error) {
    return answerError(error, request)
  }
}
