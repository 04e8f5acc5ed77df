import { getTranslations } from "next-intl/server"
import { orOutage, titled } from "#app/or-outage.tsx"
import { CloseWindow } from "#components/accounts/confirm/close-window.tsx"
import { MessagePage } from "#components/pages/message-page.tsx"
import { LinkButton } from "#components/ui/button.tsx"
import { buttonClass } from "#components/ui/button-class.ts"
import { CONFIRM_PAGE, confirmAddress } from "#lib/rooms/accounts/provider/confirm-by-provider.ts"
import { readRefusedForm } from "#lib/web/forms/refused-form.ts"
import { memberPage } from "#lib/web/sign-in/current-session.ts"

export const generateMetadata = titled("accounts.confirmation.title")

/** Says that the provider confirmed the member's identity, or why it did not. */
export default orOutage(async function ConfirmPage({ searchParams }: PageProps<"/confirm">) {
  const { confirmed } = await memberPage()
  const t = await getTranslations("accounts.confirmation")
  const refused = await readRefusedForm("/confirm", await searchParams)
  if (confirmed && !refused?.message) {
    return (
      <MessagePage title={t("done")} action={<LinkButton href="/settings">{t("back")}</LinkButton>}>
        {t("doneText")}
        <CloseWindow />
      </MessagePage>
    )
  }
  return (
    <MessagePage
      title={t("title")}
      action={
        <>
          <a href={confirmAddress(CONFIRM_PAGE)} className={buttonClass()}>
            {t("again")}
          </a>
          <LinkButton href="/settings" variant="quiet">
            {t("back")}
          </LinkButton>
        </>
      }
    >
      {refused?.message ?? t("text")}
    </MessagePage>
  )
}, MessagePage)
