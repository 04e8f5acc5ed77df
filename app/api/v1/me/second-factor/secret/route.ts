import { offerSecret } from "#lib/rooms/accounts/second-factor/set-second-factor.ts"
import { factorRoute } from "#lib/web/api/member-route.ts"
import { requireConfirmed } from "#lib/web/api/require-confirmed.ts"

/** A new secret for an authenticator app; nothing is stored. */
export const POST = factorRoute(async (member) => {
  requireConfirmed(member)
  return Response.json(await offerSecret(member))
})
