import { useTranslations } from "next-intl"
import { LinkButton } from "./button.tsx"

type PagerProps = {
  /** Address of the first page, when this is not the first. */
  firstHref: string | null
  nextHref: string | null
}

/** Through a list that is read by cursor: on, or back to its start. Nothing when it fits one page. */
export function Pager({ firstHref, nextHref }: PagerProps) {
  const t = useTranslations("common")
  if (firstHref === null && nextHref === null) return null
  return (
    <nav
      aria-label={t("pagerLabel")}
      className="flex justify-between gap-3 border-t border-line pt-5"
    >
      {firstHref === null ? (
        <span />
      ) : (
        <LinkButton href={firstHref} variant="quiet" size="sm">
          {t("pagerFirst")}
        </LinkButton>
      )}
      {nextHref !== null && (
        <LinkButton href={nextHref} variant="quiet" size="sm" rel="next">
          {t("pagerNext")}
        </LinkButton>
      )}
    </nav>
  )
}
