import { parse, parseId, readJson } from "#lib/adapters/http/input.ts"
import { renamePasskey } from "#lib/rooms/accounts/passkeys/list-passkeys.ts"
import { PasskeyEdit } from "#lib/rooms/accounts/passkeys/passkey.ts"
import { removePasskey } from "#lib/rooms/accounts/passkeys/remove-passkey.ts"
import { memberRoute } from "#lib/web/api/member-route.ts"
import { requireConfirmed } from "#lib/web/api/require-confirmed.ts"

type Context = RouteContext<"/api/v1/me/passkeys/[id]">

export const PATCH = memberRoute(async (member, request, { params }: Context) => {
  const id = parseId((await params).id)
  return Response.json(await renamePasskey(member, id, parse(PasskeyEdit, await readJson(request))))
})

export const DELETE = memberRoute(async (member, _request, { params }: Context) => {
  requireConfirmed(member)
  await removePasskey(member, parseId((await params).id))
  return new Response(null, { status: 204 })
})
