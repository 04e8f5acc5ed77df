"use client"

import Link, { useLinkStatus } from "next/link"
import { useLocale, useTranslations } from "next-intl"
import { useCurrentInSight } from "#components/nav/use-current-in-sight.ts"
import { classNames } from "#components/ui/class-names.ts"

export type ListTab = {
  href: string
  text: string
  /** The number of rows. Null: more than 1,000; undefined: not counted. */
  count?: number | null
  current: boolean
}

type ListTabsProps = {
  label: string
  tabs: ListTab[]
  /** Classes for the position on the page. */
  className?: string
}

/** The parts of a list as tabs, each with its number of rows. */
export function ListTabs({ label, tabs, className = "tab-rule mb-4" }: ListTabsProps) {
  const row = useCurrentInSight(tabs.find(({ current }) => current)?.href)
  return (
    <nav
      ref={row}
      aria-label={label}
      className={classNames("tab-row gap-5 print:hidden", className)}
    >
      {tabs.map((tab) => (
        <Link
          key={tab.href}
          href={tab.href}
          prefetch={false}
          scroll={false}
          aria-current={tab.current ? "page" : undefined}
          className={classNames(
            "flex min-h-11 items-center gap-1.5 border-b-2 text-sm whitespace-nowrap",
            tab.current
              ? "border-accent font-semibold"
              : "border-transparent text-soft hover:border-edge hover:text-ink",
          )}
        >
          <TabText tab={tab} />
        </Link>
      ))}
    </nav>
  )
}

function TabText({ tab: { text, count } }: { tab: ListTab }) {
  const t = useTranslations("member.lists")
  const locale = useLocale()
  const { pending } = useLinkStatus()
  return (
    <span aria-busy={pending || undefined} className="aria-busy:opacity-60">
      <span data-text={text} className="bold-width">
        {text}
      </span>{" "}
      {count !== undefined && (
        <span className="ms-0.5 font-normal text-soft">
          {count === null ? t("overThousand") : count.toLocaleString(locale)}
        </span>
      )}
    </span>
  )
}
