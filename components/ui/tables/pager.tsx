import { useTranslations } from "next-intl"
import { LinkButton } from "#components/ui/button.tsx"
import { classNames } from "#components/ui/class-names.ts"

export type PagerProps = {
  /** The cursor of this page; undefined on the first. */
  at: string | undefined
  page: { prevCursor?: string | null; nextCursor: string | null } | null
  /** The URL of the page at a cursor; that of the first page for null. */
  href: (cursor: string | null) => string
  /** Names the list, where a page has several. */
  label?: string
  className?: string
}

/** The links of a paginated list: to the next page, the previous one, and the first. */
export function Pager({ at, page, href, label, className }: PagerProps) {
  const t = useTranslations("common")
  const { prevCursor = null, nextCursor = null } = page ?? {}
  if (!at && nextCursor === null) return null
  return (
    <nav
      aria-label={label ?? t("pagerLabel")}
      className={classNames("flex justify-between gap-3 border-t border-line pt-5", className)}
    >
      <span className="flex flex-wrap gap-3">
        {prevCursor !== null && (
          <LinkButton href={href(prevCursor)} variant="quiet" size="sm" rel="prev">
            {t("pagerPrevious")}
          </LinkButton>
        )}
        {at && (
          <LinkButton href={href(null)} variant={prevCursor === null ? "quiet" : "text"} size="sm">
            {t("pagerFirst")}
          </LinkButton>
        )}
      </span>
      {nextCursor !== null && (
        <LinkButton href={href(nextCursor)} variant="quiet" size="sm" rel="next">
          {t("pagerNext")}
        </LinkButton>
      )}
    </nav>
  )
}
