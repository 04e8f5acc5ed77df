import type { NextRequest } from "next/server"
import { NextResponse } from "next/server"
import { getLocale } from "next-intl/server"
import type { SignedOut } from "#lib/accounts/sign-in/session.ts"
import { hasPasswords, providerName } from "#lib/configuration.ts"
import { findSignOutAddress } from "#lib/oidc/provider.ts"
import type { Locale } from "#lib/text/languages.ts"
import { say } from "#lib/text/sentences.ts"
import { formRoute, goOn } from "#lib/web/forms/form-route.ts"
import { plainPage } from "#lib/web/plain-page.ts"
import { withoutSession } from "#lib/web/sign-in/current-session.ts"

const page = () => "/shares"

/** Ends this browser's session, and that at the provider which started it. */
export const POST = formRoute({ page }, (_form, request) =>
  withoutSession(request, (session) => answerTo(request, session)),
)

async function answerTo(request: NextRequest, session: SignedOut | null) {
  const address = session?.byProvider ? await findSignOutAddress(session.idToken) : null
  if (address) return leaveTo(address, await getLocale())
  // Where only the provider signs people in, the sign-in page would lead to it at once.
  return goOn(request, session?.byProvider || !hasPasswords() ? "/signed-out" : "/sign-in")
}

/** A page that leads to the provider: browsers let no form redirect to another site. */
function leaveTo(address: string, locale: Locale) {
  const provider = providerName() ?? ""
  const { headers, body } = plainPage(say("leaving", { provider }, locale), {
    locale,
    link: { text: provider, href: address },
    ring: "whole",
    leads: true,
  })
  return new NextResponse(body, { headers })
}
