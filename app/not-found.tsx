import type { Metadata } from "next"
import { getTranslations } from "next-intl/server"
import { CalmPage } from "#components/calm-page.tsx"
import { LinkButton } from "#components/ui/button.tsx"
import { Ring } from "#components/ui/ring.tsx"

export async function generateMetadata(): Promise<Metadata> {
  const t = await getTranslations("common.notFound")
  return { title: t("title") }
}

export default async function NotFound() {
  const t = await getTranslations("common.notFound")
  return (
    <CalmPage
      title={t("title")}
      sign={<Ring state="over" size={76} />}
      action={
        <LinkButton href="/" variant="quiet">
          {t("home")}
        </LinkButton>
      }
    >
      {t("text")}
    </CalmPage>
  )
}
