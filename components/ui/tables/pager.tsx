import { useTranslations } from "next-intl"
import { LinkButton } from "#components/ui/button.tsx"

type PagerProps = {
  /** The URL of the first page; null on that page. */
  firstHref: string | null
  /** The URL of the previous page, if it is known. */
  prevHref?: string | null
  nextHref: string | null
  /** Names the list, where a page has several. */
  label?: string
}

/** The links of a paginated list: to the next page, the previous one, and the first. */
export function Pager({ firstHref, prevHref = null, nextHref, label }: PagerProps) {
  const t = useTranslations("common")
  if (firstHref === null && nextHref === null) return null
  return (
    <nav
      aria-label={label ?? t("pagerLabel")}
      className="flex justify-between gap-3 border-t border-line pt-5"
    >
      <span className="flex flex-wrap gap-3">
        {prevHref !== null && (
          <LinkButton href={prevHref} variant="quiet" size="sm" rel="prev">
            {t("pagerPrevious")}
          </LinkButton>
        )}
        {firstHref !== null && (
          <LinkButton href={firstHref} variant={prevHref === null ? "quiet" : "text"} size="sm">
            {t("pagerFirst")}
          </LinkButton>
        )}
      </span>
      {nextHref !== null && (
        <LinkButton href={nextHref} variant="quiet" size="sm" rel="next">
          {t("pagerNext")}
        </LinkButton>
      )}
    </nav>
  )
}
