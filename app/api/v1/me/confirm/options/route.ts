import { NextResponse } from "next/server"
import { askForPasskey } from "#lib/rooms/accounts/passkeys/verify-passkey.ts"
import { factorRoute } from "#lib/web/api/member-route.ts"
import { withChallenge } from "#lib/web/sign-in/challenge-cookie.ts"

/** Returns the WebAuthn request options to confirm with one of the member's passkeys. */
export const POST = factorRoute(async ({ id }) => {
  const { options, cookie } = await askForPasskey(id)
  return withChallenge(NextResponse.json(options), cookie)
})
