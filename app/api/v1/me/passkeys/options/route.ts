import { NextResponse } from "next/server"
import { beginPasskey } from "#lib/rooms/accounts/passkeys/add-passkey.ts"
import { factorRoute } from "#lib/web/api/member-route.ts"
import { requireConfirmed } from "#lib/web/api/require-confirmed.ts"
import { withChallenge } from "#lib/web/sign-in/challenge-cookie.ts"

/** Returns the WebAuthn creation options for a new passkey. */
export const POST = factorRoute(async (member) => {
  requireConfirmed(member)
  const { options, cookie } = await beginPasskey(member.id)
  return withChallenge(NextResponse.json(options), cookie)
})
