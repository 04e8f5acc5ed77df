import { removePasskeysOf } from "#lib/accounts/passkeys/remove-passkey.ts"
import { parseId } from "#lib/http/input.ts"
import { adminRoute } from "#lib/web/api/member-route.ts"
import { requireConfirmed } from "#lib/web/api/require-confirmed.ts"

type Context = { params: Promise<{ id: string }> }

/** Removes all passkeys of a member. */
export const DELETE = adminRoute(async (admin, _request, { params }: Context) => {
  requireConfirmed(admin)
  const count = await removePasskeysOf(admin.adminId, parseId((await params).id))
  return Response.json({ count })
})
