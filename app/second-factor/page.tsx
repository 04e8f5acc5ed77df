import { headers } from "next/headers"
import { redirect } from "next/navigation"
import { getLocale, getTranslations } from "next-intl/server"
import { orOutage, titled } from "#app/or-outage.tsx"
import { ConfirmHost } from "#components/accounts/confirm/confirm-host.tsx"
import { RequiredFactor } from "#components/accounts/second-factor/required-factor.tsx"
import { EntryPage } from "#components/pages/entry-page.tsx"
import { MessagePage } from "#components/pages/message-page.tsx"
import { Button } from "#components/ui/button.tsx"
import { Notice } from "#components/ui/notice.tsx"
import { describeUserAgent } from "#lib/adapters/http/user-agent.ts"
import { say } from "#lib/adapters/text/sentences.ts"
import { passkeyHost } from "#lib/rooms/accounts/passkeys/passkey-host.ts"
import { ownPath } from "#lib/web/forms/own-path.ts"
import { findSessionMember } from "#lib/web/sign-in/current-session.ts"

export const generateMetadata = titled("accounts.requiredFactor.title")

/** Leads a member to set up the second factor that a setting requires, before anything else. */
export default orOutage(async function SecondFactorPage({
  searchParams,
}: PageProps<"/second-factor">) {
  const next = ownPath((await searchParams).next) ?? "/shares"
  const member = await findSessionMember()
  if (!member) redirect("/sign-in")
  if (!member.needsFactor) redirect(next)
  const t = await getTranslations("accounts.requiredFactor")
  const agent = describeUserAgent((await headers()).get("user-agent") ?? "")
  return (
    <EntryPage title={t("title")} lead={t("lead")} areas={["common", "accounts"]}>
      <noscript>
        <Notice>{say("needs_script", {}, await getLocale())}</Notice>
      </noscript>
      <RequiredFactor host={passkeyHost()} suggestedName={agent ?? t("thisDevice")} next={next} />
      <form method="post" action="/auth/sign-out" className="mt-10">
        <Button type="submit" variant="text" size="sm" className="-ms-3">
          {t("signOut")}
        </Button>
      </form>
      <ConfirmHost />
    </EntryPage>
  )
}, MessagePage)
