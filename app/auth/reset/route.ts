import { z } from "zod"
import { parse } from "#lib/adapters/http/input.ts"
import { checkAttempt } from "#lib/adapters/throttle/attempt-limits.ts"
import { Password } from "#lib/rooms/accounts/member.ts"
import { resetPassword } from "#lib/rooms/accounts/passwords/reset-password.ts"
import { hasSecondFactor } from "#lib/rooms/accounts/sign-in/check-second-factor.ts"
import { fieldsOf, formRoute, goOn, secretOf } from "#lib/web/forms/form-route.ts"
import { clientAddress } from "#lib/web/read-client-address.ts"
import { withSession } from "#lib/web/sign-in/session-answer.ts"

const page = (form: URLSearchParams) => `/reset/${secretOf(form, "token")}`
const Input = z.object({ password: Password })

/** Sets a new password from the fields `token` and `password`. */
export const POST = formRoute({ page }, async (form, request) => {
  const address = clientAddress(request.headers)
  await checkAttempt({ purpose: "reset", subject: "", address })
  const { password } = parse(Input, fieldsOf(form, ["password"]))
  const claim = await resetPassword(secretOf(form, "token"), password)
  // Access to the mailbox does not replace the second factor.
  if (await hasSecondFactor(claim.memberId)) return goOn(request, "/sign-in?notice=password-set")
  return withSession(goOn(request, "/shares"), request, claim)
})
