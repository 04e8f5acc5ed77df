import { z } from "zod"
import { parse } from "#lib/adapters/http/input.ts"
import { checkAttempt } from "#lib/adapters/throttle/attempt-limits.ts"
import { Email } from "#lib/rooms/accounts/member.ts"
import { askForPasswordReset } from "#lib/rooms/accounts/passwords/mail-password-reset.ts"
import { fieldsOf, formRoute, goOn } from "#lib/web/forms/form-route.ts"
import { clientAddress } from "#lib/web/read-client-address.ts"
import { languageOf } from "#lib/web/reader-language.ts"

const page = () => "/forgot"
const Input = z.object({ email: Email })

/**
 * Asks for a link to a new password by mail, from the field `email`. The answer and its time are
 * the same whether the address has an account.
 */
export const POST = formRoute({ page, kept: ["email"] }, async (form, request) => {
  const { email } = parse(Input, fieldsOf(form, ["email"]))
  const address = clientAddress(request.headers)
  await checkAttempt({ purpose: "forgot", subject: email, address })
  await askForPasswordReset(email, languageOf(null, request.headers))
  return goOn(request, "/forgot?sent=1")
})
