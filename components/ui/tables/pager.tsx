import { useTranslations } from "next-intl"
import { LinkButton } from "#components/ui/button.tsx"
import { classNames } from "#components/ui/class-names.ts"

export type PagerProps = {
  /** The cursor of this page; undefined on the first page. */
  at: string | undefined
  page: { prevCursor?: string | null; nextCursor: string | null } | null
  /** Returns the URL of the page at a cursor, or of the first page if it is null. */
  href: (cursor: string | null) => string
  /** The list's name, if a page has several lists. */
  label?: string
  className?: string
}

/** The links of a paginated list: to the next, the previous and the first page. */
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
