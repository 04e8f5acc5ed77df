import { parse } from "#lib/adapters/http/input.ts"
import { checkAttempt } from "#lib/adapters/throttle/attempt-limits.ts"
import { NewMember } from "#lib/rooms/accounts/member.ts"
import { setUp } from "#lib/rooms/accounts/setup/create-first-admin.ts"
import { fieldsOf, formRoute, goOn, secretOf } from "#lib/web/forms/form-route.ts"
import { clientAddress } from "#lib/web/read-client-address.ts"
import { withSession } from "#lib/web/sign-in/session-answer.ts"

const page = (form: URLSearchParams) => `/setup?code=${secretOf(form, "code")}`
const kept = ["name", "email"]

/** Creates the first admin from the fields `code`, `name`, `email` and `password`. */
export const POST = formRoute({ page, kept }, async (form, request) => {
  const address = clientAddress(request.headers)
  await checkAttempt({ purpose: "setup", subject: "", address })
  const admin = parse(NewMember, fieldsOf(form, ["name", "email", "password"]))
  const claim = await setUp({ ...admin, code: secretOf(form, "code") })
  return withSession(goOn(request, "/admin/checks"), request, claim)
})
