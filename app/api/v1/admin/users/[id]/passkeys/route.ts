import { parseId } from "#lib/adapters/http/input.ts"
import { removePasskeysOf } from "#lib/rooms/accounts/passkeys/remove-passkey.ts"
import { adminRoute } from "#lib/web/api/member-route.ts"

type Context = { params: Promise<{ id: string }> }

/** Removes all passkeys of a member. */
export const DELETE = adminRoute(async (admin, _request, { params }: Context) => {
  const count = await removePasskeysOf(admin, parseId((await params).id))
  return Response.json({ count })
})
