import { getTranslations } from "next-intl/server"
import { orOutage, titled } from "#app/or-outage.tsx"
import { EntryField, EntryForm } from "#components/pages/entry-form.tsx"
import { EntryPage } from "#components/pages/entry-page.tsx"
import { MessagePage } from "#components/pages/message-page.tsx"
import { LinkButton } from "#components/ui/button.tsx"
import { canSendMail, hasPasswords, providerName } from "#lib/adapters/configuration.ts"
import { readRefusedForm } from "#lib/web/forms/refused-form.ts"

export const generateMetadata = titled("accounts.forgot.title")

/** Asks for the address to which a link to a new password is mailed. */
export default orOutage(async function ForgotPage({ searchParams }: PageProps<"/forgot">) {
  const { sent, ...query } = await searchParams
  const t = await getTranslations("accounts")
  const back = (
    <LinkButton href="/sign-in" variant="quiet">
      {t("forgot.back")}
    </LinkButton>
  )
  if (!hasPasswords()) {
    return (
      <MessagePage title={t("forgot.offTitle")} action={back}>
        {t("forgot.offText", { name: providerName() ?? "" })}
      </MessagePage>
    )
  }
  if (!canSendMail()) {
    return (
      <MessagePage title={t("forgot.noMailTitle")} action={back}>
        {t("forgot.noMailText")}
      </MessagePage>
    )
  }
  if (sent === "1") {
    return (
      <MessagePage title={t("forgot.sentTitle")} action={back}>
        {t("forgot.sentText")}
      </MessagePage>
    )
  }
  const refused = await readRefusedForm("/forgot", query)
  return (
    <EntryPage title={t("forgot.title")} lead={t("forgot.lead")} foot={t("forgot.foot")}>
      <EntryForm action="/auth/forgot" refused={refused} submitLabel={t("forgot.submit")}>
        <EntryField
          label={t("email")}
          name="email"
          type="email"
          autoComplete="username"
          required
          maxLength={254}
          defaultValue={refused?.typed.email}
        />
      </EntryForm>
    </EntryPage>
  )
}, MessagePage)
