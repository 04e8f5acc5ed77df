import { changePassword, PasswordChange } from "#lib/accounts/change-password.ts"
import { parse, readJson } from "#lib/input.ts"
import { clientAddress } from "#lib/web/client-address.ts"
import { memberRoute } from "#lib/web/member-route.ts"
import { startSession } from "#lib/web/session.ts"

/** Ends every session of the member; the caller gets a new one. */
export const POST = memberRoute(async ({ id }, request) => {
  const change = parse(PasswordChange, await readJson(request))
  await startSession(await changePassword(id, change, clientAddress(request.headers)))
  return new Response(null, { status: 204 })
})
