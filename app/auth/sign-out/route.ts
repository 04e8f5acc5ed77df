import { formRoute, goOn } from "#lib/web/forms/form-route.ts"
import { withoutSession } from "#lib/web/sign-in/current-session.ts"

const page = () => "/shares"

/** Ends this browser's session. */
export const POST = formRoute({ page }, (_form, request) =>
  withoutSession(goOn(request, "/sign-in"), request),
)
