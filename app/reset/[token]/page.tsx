import { redirect } from "next/navigation"
import { getTranslations } from "next-intl/server"
import { orOutage, titled } from "#app/or-outage.tsx"
import { NEW_PASSWORD } from "#components/accounts/password-inputs.ts"
import { EntryField, EntryForm } from "#components/pages/entry-form.tsx"
import { EntryPage } from "#components/pages/entry-page.tsx"
import { MessagePage } from "#components/pages/message-page.tsx"
import { LocalTime } from "#components/time/local-time.tsx"
import { LinkButton } from "#components/ui/button.tsx"
import { hasPasswords } from "#lib/adapters/configuration.ts"
import { findPasswordReset } from "#lib/rooms/accounts/passwords/reset-password.ts"
import { sayStatus } from "#lib/web/document-status.ts"
import { readRefusedForm } from "#lib/web/forms/refused-form.ts"

export const generateMetadata = titled("accounts.reset.title")

/** The form for a new password. A GET does not use the link up: only the form's POST does. */
export default orOutage(async function ResetPage(props: PageProps<"/reset/[token]">) {
  const { token } = await props.params
  if (!hasPasswords()) redirect("/forgot")
  const reset = await findPasswordReset(token)
  const t = await getTranslations("accounts")
  if (!reset) {
    sayStatus(410)
    return (
      <MessagePage
        title={t("reset.goneTitle")}
        action={
          <LinkButton href="/forgot" variant="quiet">
            {t("signIn.forgot")}
          </LinkButton>
        }
      >
        {t("reset.goneText")}
      </MessagePage>
    )
  }
  const { name, email, expiresAt } = reset
  const refused = await readRefusedForm(`/reset/${token}`, await props.searchParams)
  return (
    <EntryPage
      title={t("reset.title")}
      lead={t("reset.lead", { name })}
      foot={t.rich("reset.until", { until: () => <LocalTime at={expiresAt} /> })}
    >
      <EntryForm action="/auth/reset" refused={refused} submitLabel={t("reset.submit")}>
        <input type="hidden" name="token" value={token} />
        {/* Password managers store the new password under this address. */}
        <EntryField
          label={t("email")}
          name="email"
          type="email"
          autoComplete="username"
          readOnly
          defaultValue={email}
        />
        <EntryField
          label={t("settings.newPassword")}
          hint={t("passwordHint")}
          name="password"
          {...NEW_PASSWORD}
        />
      </EntryForm>
    </EntryPage>
  )
}, MessagePage)
