import { NextResponse } from "next/server"
import { parse, readJson } from "#lib/adapters/http/input.ts"
import { changePassword, PasswordChange } from "#lib/rooms/accounts/passwords/change-password.ts"
import { memberRoute } from "#lib/web/api/member-route.ts"
import { clientAddress } from "#lib/web/read-client-address.ts"
import { withSession } from "#lib/web/sign-in/current-session.ts"

/** Changes the password and ends every session of the member; the caller gets a new session. */
export const POST = memberRoute(async (member, request) => {
  const change = parse(PasswordChange, await readJson(request))
  const claim = await changePassword(member, change, clientAddress(request.headers))
  return withSession(new NextResponse(null, { status: 204 }), request, claim)
})
