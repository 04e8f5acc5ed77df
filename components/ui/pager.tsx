import { useTranslations } from "next-intl"
import { LinkButton } from "./button.tsx"

type PagerProps = {
  /** Address of the first page; null on it. */
  firstHref: string | null
  /** Address of the page before, where it is known. */
  prevHref?: string | null
  nextHref: string | null
  /** Says of which list, where a page has several. */
  label?: string
}

/** Links of a list with cursors: to the next page, the one before, and back to the first. */
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
