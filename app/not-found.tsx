import type { Metadata } from "next"
import { getTranslations } from "next-intl/server"
import { CalmPage } from "#components/calm-page.tsx"
import { NothingHere } from "#components/nothing-here.tsx"

export async function generateMetadata(): Promise<Metadata> {
  const t = await getTranslations("common.notFound")
  return { title: t("title") }
}

export default function NotFound() {
  return (
    <CalmPage>
      <NothingHere home="/" />
    </CalmPage>
  )
}
