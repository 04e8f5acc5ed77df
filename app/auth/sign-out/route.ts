import type { NextRequest } from "next/server"
import { NextResponse } from "next/server"
import { hasPasswords } from "#lib/adapters/configuration.ts"
import { findSignOutAddress } from "#lib/adapters/oidc/provider.ts"
import type { Locale } from "#lib/adapters/text/languages.ts"
import { say } from "#lib/adapters/text/sentences.ts"
import type { SignedOut } from "#lib/rooms/accounts/sign-in/session.ts"
import { formRoute, goOn } from "#lib/web/forms/form-route.ts"
import { plainPage } from "#lib/web/plain-page.ts"
import { languageOf } from "#lib/web/reader-language.ts"
import { withoutSession } from "#lib/web/sign-in/session-answer.ts"

const page = () => "/shares"

/** Ends this browser's session, and that at the provider which started it. */
export const POST = formRoute({ page }, (_form, request) =>
  withoutSession(request, (session) => answerTo(request, session)),
)

async function answerTo(request: NextRequest, session: SignedOut | null) {
  const address = session?.byProvider ? await findSignOutAddress(session.idToken) : null
  if (address) return leaveTo(address, languageOf(null, request.headers))
  // Where only the provider signs people in, the sign-in page would lead to it at once.
  return goOn(request, session?.byProvider || !hasPasswords() ? "/signed-out" : "/sign-in")
}

/** A page that leads to the provider: browsers block the redirect of a form to another site. */
function leaveTo(address: string, locale: Locale) {
  const link = { text: say("sign_out_link", {}, locale), href: address }
  const page = { locale, link, ring: "whole", leads: true } as const
  const { headers, body } = plainPage(say("sign_out_there", {}, locale), page)
  return new NextResponse(body, { headers })
}
