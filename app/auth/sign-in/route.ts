import type { NextRequest } from "next/server"
import { refusal } from "#lib/adapters/text/sentences.ts"
import { signSecondStep, verifySecondStep } from "#lib/rooms/accounts/sign-in/second-step.ts"
import { fieldsOf, formRoute, goOn } from "#lib/web/forms/form-route.ts"
import { clientAddress } from "#lib/web/read-client-address.ts"
import { nextPath, signInPage } from "#lib/web/sign-in/next-path.ts"
import { withSession } from "#lib/web/sign-in/session-answer.ts"
import { cookieReader } from "#lib/web/sign-in/session-cookie.ts"
import { verifySignIn } from "#lib/web/sign-in/verify-sign-in.ts"

/**
 * Signs in with the fields `email`, `password` and, where a second factor is on, `code`, and
 * redirects to `next`, a path of the app. A page without script sends `step` instead of the
 * password while it asks for the code.
 */
export const POST = formRoute(
  { page: signInPage, kept: ["email", "step"] },
  async (form, request) => {
    const step = form.get("step") ? secondStep : firstStep
    const claim = await step(form, request)
    return withSession(goOn(request, nextPath(form) ?? "/shares"), request, claim)
  },
)

async function firstStep(form: URLSearchParams, request: NextRequest) {
  const fields = fieldsOf(form, ["email", "password", "code"])
  const claim = await verifySignIn(request, fields, (member) =>
    form.set("step", signSecondStep(member)),
  )
  if (!claim) throw refusal("invalid", "credentials")
  return claim
}

async function secondStep(form: URLSearchParams, request: NextRequest) {
  const claim = await verifySecondStep({
    step: form.get("step") ?? "",
    code: form.get("code") ?? "",
    address: clientAddress(request.headers),
    cookie: cookieReader(request),
  })
  if (claim) return claim
  form.delete("step") // the page asks for the password again
  throw refusal("invalid", "code_too_late")
}
