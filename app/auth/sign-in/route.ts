import { refusal } from "#lib/text/sentences.ts"
import { fieldsOf, formRoute, goOn } from "#lib/web/forms/form-route.ts"
import { ownPath } from "#lib/web/forms/own-path.ts"
import { withSession } from "#lib/web/sign-in/current-session.ts"
import { verifySignIn } from "#lib/web/sign-in/verify-sign-in.ts"

/** Signs in with the fields `email` and `password`, and redirects to `next`, a path of the app. */
export const POST = formRoute({ page, kept: ["email"] }, async (form, request) => {
  const claim = await verifySignIn(request, fieldsOf(form, ["email", "password"]))
  if (!claim) throw refusal("invalid", "credentials")
  return withSession(goOn(request, nextOf(form) ?? "/shares"), request, claim)
})

function page(form: URLSearchParams) {
  const next = nextOf(form)
  return next ? `/sign-in?${new URLSearchParams({ next })}` : "/sign-in"
}

/** Longer than any path of the app, and short enough for a header. */
const MAX_LENGTH = 2_000

function nextOf(form: URLSearchParams) {
  const path = ownPath(form.get("next"))
  return path && path.length <= MAX_LENGTH ? path : null
}
