import type { Metadata } from "next"
import { getTranslations } from "next-intl/server"
import { MessagePage } from "#components/pages/message-page.tsx"
import { NotFoundMessage } from "#components/pages/not-found-message.tsx"

export async function generateMetadata(): Promise<Metadata> {
  const t = await getTranslations("common.notFound")
  return { title: t("title") }
}

export default function NotFound() {
  return (
    <MessagePage>
      <NotFoundMessage home="/" />
    </MessagePage>
  )
}
