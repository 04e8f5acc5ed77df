import { parse } from "#lib/adapters/http/input.ts"
import { checkAttempt } from "#lib/adapters/throttle/attempt-limits.ts"
import { acceptInvite } from "#lib/rooms/accounts/invites/accept-invite.ts"
import { NewMember } from "#lib/rooms/accounts/member.ts"
import { fieldsOf, formRoute, goOn, secretOf } from "#lib/web/forms/form-route.ts"
import { clientAddress } from "#lib/web/read-client-address.ts"
import { withSession } from "#lib/web/sign-in/session-answer.ts"

const page = (form: URLSearchParams) => `/invite/${secretOf(form, "token")}`
const kept = ["name", "email"]

/**
 * Creates the account of an invited member from the fields `token`, `name`, `email` and `password`.
 */
export const POST = formRoute({ page, kept }, async (form, request) => {
  const address = clientAddress(request.headers)
  await checkAttempt({ purpose: "invite", subject: "", address })
  const member = parse(NewMember, fieldsOf(form, ["name", "email", "password"]))
  const claim = await acceptInvite({ ...member, token: secretOf(form, "token") })
  return withSession(goOn(request, "/shares"), request, claim)
})
