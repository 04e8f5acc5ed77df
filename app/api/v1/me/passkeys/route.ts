import { parse, readJson } from "#lib/adapters/http/input.ts"
import { addPasskey } from "#lib/rooms/accounts/passkeys/add-passkey.ts"
import { listPasskeys } from "#lib/rooms/accounts/passkeys/list-passkeys.ts"
import { NewPasskey } from "#lib/rooms/accounts/passkeys/passkey.ts"
import { factorRoute } from "#lib/web/api/member-route.ts"
import { requireConfirmed } from "#lib/web/api/require-confirmed.ts"
import { challengeOf } from "#lib/web/sign-in/challenge-cookie.ts"

export const GET = factorRoute(async ({ id }) => Response.json(await listPasskeys(id)))
export const HEAD = GET

export const POST = factorRoute(async (member, request) => {
  requireConfirmed(member)
  const input = parse(NewPasskey, await readJson(request))
  return Response.json(await addPasskey(member, input, challengeOf(request)), { status: 201 })
})
