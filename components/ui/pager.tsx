import { useTranslations } from "next-intl"
import { LinkButton } from "./button.tsx"

type PagerProps = {
  /** Address of the first page; null on it. */
  firstHref: string | null
  nextHref: string | null
  /** Says of which list, where a page has several. */
  label?: string
}

/** Links of a list with a cursor: to the next page, and back to the first. */
export function Pager({ firstHref, nextHref, label }: PagerProps) {
  const t = useTranslations("common")
  if (firstHref === null && nextHref === null) return null
  return (
    <nav
      aria-label={label ?? t("pagerLabel")}
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
