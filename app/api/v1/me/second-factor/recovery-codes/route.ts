import { makeRecoveryCodes } from "#lib/rooms/accounts/second-factor/recovery-codes.ts"
import { memberRoute } from "#lib/web/api/member-route.ts"
import { requireConfirmed } from "#lib/web/api/require-confirmed.ts"

/** Makes new recovery codes, in place of the old ones. */
export const POST = memberRoute(async (member) => {
  requireConfirmed(member)
  return Response.json(await makeRecoveryCodes(member), { status: 201 })
})
