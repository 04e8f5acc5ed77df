import type { Metadata } from "next"
import { getTranslations } from "next-intl/server"
import { EntryPage } from "#components/entry-page.tsx"
import { LocalTime } from "#components/local-time.tsx"
import { MessagePage } from "#components/message-page.tsx"
import { LinkButton } from "#components/ui/button.tsx"
import { Ring } from "#components/ui/ring.tsx"
import { findPasswordReset } from "#lib/accounts/reset-password.ts"
import { sayStatus } from "#lib/web/document.ts"
import { ResetForm } from "./reset-form.tsx"

export async function generateMetadata(): Promise<Metadata> {
  const t = await getTranslations("accounts.reset")
  return { title: t("title") }
}

/** A GET uses nothing up: only the form's POST does. */
export default async function ResetPage({ params }: PageProps<"/reset/[token]">) {
  const { token } = await params
  const reset = await findPasswordReset(token)
  const t = await getTranslations("accounts.reset")
  if (!reset) {
    sayStatus(410)
    return (
      <MessagePage
        title={t("goneTitle")}
        sign={<Ring state="over" size={76} />}
        action={
          <LinkButton href="/sign-in" variant="quiet">
            {t("goneAction")}
          </LinkButton>
        }
      >
        {t("goneText")}
      </MessagePage>
    )
  }
  const { name, email, expiresAt } = reset
  return (
    <EntryPage
      title={t("title")}
      lead={t("lead", { name })}
      foot={t.rich("until", { until: () => <LocalTime at={expiresAt} /> })}
    >
      <ResetForm token={token} email={email} />
    </EntryPage>
  )
}
