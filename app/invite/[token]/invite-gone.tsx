import { getTranslations } from "next-intl/server"
import { CalmPage } from "#components/calm-page.tsx"
import { LinkButton } from "#components/ui/button.tsx"
import { Ring } from "#components/ui/ring.tsx"

/** What an invitation says that does not open. */
export async function InviteGone() {
  const t = await getTranslations("accounts.invite")
  return (
    <CalmPage
      title={t("goneTitle")}
      sign={<Ring state="over" size={76} />}
      action={
        <LinkButton href="/sign-in" variant="quiet">
          {t("goneAction")}
        </LinkButton>
      }
    >
      {t("goneText")}
    </CalmPage>
  )
}
