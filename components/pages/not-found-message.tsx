import { useTranslations } from "next-intl"
import { LinkButton } from "#components/ui/button.tsx"
import { Ring } from "#components/ui/ring/ring.tsx"

/** The message for a page that does not exist or belongs to another member. */
export function NotFoundMessage({ home }: { home: string }) {
  const t = useTranslations("common.notFound")
  return (
    <div className="md:pt-6">
      <Ring state="over" size={76} />
      <h1 className="mt-6.5 text-title md:text-display">{t("title")}</h1>
      <p className="mt-3 max-w-[46ch] text-note">{t("text")}</p>
      <LinkButton href={home} variant="quiet" className="mt-7">
        {t("home")}
      </LinkButton>
    </div>
  )
}
