import type { Metadata } from "next"
import { getTranslations } from "next-intl/server"
import { orOutage } from "#app/or-outage.tsx"
import { MessagePage } from "#components/pages/message-page.tsx"
import { LinkButton } from "#components/ui/button.tsx"
import { buttonClass } from "#components/ui/button-class.ts"
import { Ring } from "#components/ui/ring/ring.tsx"
import { confirmAddress } from "#lib/accounts/provider/confirm-by-provider.ts"
import { readRefusedForm } from "#lib/web/forms/refused-form.ts"
import { memberPage } from "#lib/web/sign-in/current-session.ts"

export async function generateMetadata(): Promise<Metadata> {
  const t = await getTranslations("accounts.confirm")
  return { title: t("title") }
}

/** Says why the provider did not confirm who the member is. */
export default orOutage(async function ConfirmPage({ searchParams }: PageProps<"/confirm">) {
  await memberPage()
  const t = await getTranslations("accounts.confirm")
  const refused = await readRefusedForm("/confirm", await searchParams)
  return (
    <MessagePage
      title={t("title")}
      sign={<Ring state="over" size={76} />}
      action={
        <>
          <a href={confirmAddress("/settings")} className={buttonClass()}>
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
