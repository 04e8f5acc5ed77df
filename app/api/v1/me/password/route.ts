import { NextResponse } from "next/server"
import { changePassword, PasswordChange } from "#lib/accounts/change-password.ts"
import { parse, readJson } from "#lib/input.ts"
import { clientAddress } from "#lib/web/client-address.ts"
import { memberRoute } from "#lib/web/member-route.ts"
import { withSession } from "#lib/web/session.ts"

/** Ends every session of the member; the caller gets a new one. */
export const POST = memberRoute(async ({ id }, request) => {
  const change = parse(PasswordChange, await readJson(request))
  const claim = await changePassword(id, change, clientAddress(request.headers))
  return withSession(new NextResponse(null, { status: 204 }), request, claim)
})
