import { useTranslations } from "next-intl"
import { LocalTime } from "#components/time/local-time.tsx"
import { LinkButton } from "#components/ui/button.tsx"

type RevokedProps = {
  result: { count: number; at: string; exposedUntil: string | null }
  /** The URL of the page with the same selection. */
  againHref: string
}

/** The result of a revocation that was done in its call; others have a separate page. */
export function Revoked({ result, againHref }: RevokedProps) {
  const t = useTranslations("admin.panic")
  const { count, exposedUntil, at } = result
  return (
    <section role="status" className="flex max-w-136 flex-col gap-3">
      <p className="text-lg font-semibold tracking-[-0.01em]">
        {t.rich("revoked", { count, at: () => <LocalTime at={at} form="clock" /> })}
      </p>
      <p>
        {exposedUntil
          ? t.rich("exposedUntil", { until: () => <LocalTime at={exposedUntil} form="clock" /> })
          : t("noExposure")}
      </p>
      <p className="text-soft">{t("onlyAdmin")}</p>
      <div className="mt-2 flex flex-wrap gap-3">
        {exposedUntil && (
          <LinkButton href={againHref} variant="danger">
            {t("cutOffThem")}
          </LinkButton>
        )}
        <LinkButton href="/admin/shares" variant="quiet">
          {t("toShares")}
        </LinkButton>
      </div>
    </section>
  )
}
