import { parse, readJson } from "#lib/adapters/http/input.ts"
import { confirmMember } from "#lib/rooms/accounts/confirm/confirm-member.ts"
import { Confirmation } from "#lib/rooms/accounts/confirm/confirmation.ts"
import { findConfirmMeans } from "#lib/rooms/accounts/confirm/find-confirm-means.ts"
import { factorRoute } from "#lib/web/api/member-route.ts"
import { clientAddress } from "#lib/web/read-client-address.ts"
import { challengeOf } from "#lib/web/sign-in/challenge-cookie.ts"

export const GET = factorRoute(async (member) => Response.json(await findConfirmMeans(member)))
export const HEAD = GET

/** Confirms the member's identity by a password, a code or a passkey. */
export const POST = factorRoute(async (member, request) => {
  await confirmMember(member, {
    confirmation: parse(Confirmation, await readJson(request)),
    address: clientAddress(request.headers),
    challenge: challengeOf(request),
  })
  return new Response(null, { status: 204 })
})
