import { getTranslations } from "next-intl/server"
import { orOutage, titled } from "#app/or-outage.tsx"
import { MessagePage } from "#components/pages/message-page.tsx"
import { LinkButton } from "#components/ui/button.tsx"

export const generateMetadata = titled("accounts.signedOut.title")

/** Where the provider sends a browser after a sign-out: the sign-in page could lead back to it. */
export default orOutage(async function SignedOutPage() {
  const t = await getTranslations("accounts.signedOut")
  return (
    <MessagePage title={t("title")} action={<LinkButton href="/sign-in">{t("action")}</LinkButton>}>
      {t("text")}
    </MessagePage>
  )
}, MessagePage)
