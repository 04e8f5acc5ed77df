import { useTranslations } from "next-intl"
import { LinkButton } from "#components/ui/button.tsx"
import { Message } from "./message.tsx"

/** The message for a page that does not exist or belongs to another member. */
export function NotFoundMessage({ home }: { home: string }) {
  const t = useTranslations("common.notFound")
  const action = (
    <LinkButton href={home} variant="quiet">
      {t("home")}
    </LinkButton>
  )
  return (
    <div className="md:pt-6">
      <Message title={t("title")} action={action}>
        {t("text")}
      </Message>
    </div>
  )
}
