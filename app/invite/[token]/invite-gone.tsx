import { getTranslations } from "next-intl/server"
import { MessagePage } from "#components/message-page.tsx"
import { LinkButton } from "#components/ui/button.tsx"
import { Ring } from "#components/ui/ring.tsx"

/** The page of an invitation that is over, or never was. */
export async function InviteGone() {
  const t = await getTranslations("accounts.invite")
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
