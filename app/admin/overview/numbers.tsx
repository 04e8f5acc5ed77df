import Link from "next/link"
import { getLocale, getTranslations } from "next-intl/server"
import type { ReactNode } from "react"
import { classNames } from "#components/ui/class-names.ts"
import { formatBytes } from "#lib/adapters/text/format-bytes.ts"
import { numberFormat } from "#lib/adapters/text/intl-formatters.ts"
import type { ActivityDay } from "#lib/rooms/activity/charts/roll-up.ts"
import { type Overview, SHARES_COUNTED_TO } from "#lib/rooms/admin/overview.ts"

type NumbersProps = {
  overview: Overview
  /** The days of the charts, and the same number of days before them. */
  days: ActivityDay[]
  before: ActivityDay[]
}

/** Open shares, the activity of the last 30 days against the 30 before, and the stored bytes. */
export async function Numbers({ overview, days, before }: NumbersProps) {
  const t = await getTranslations("overview")
  const locale = await getLocale()
  const { shares, usedBytes, members } = overview
  const upTo = (count: number) =>
    count > SHARES_COUNTED_TO
      ? t("moreThan", { count: SHARES_COUNTED_TO })
      : count.toLocaleString(locale)
  const number = (name: "views" | "claims") => {
    const [count, earlier] = [sumOf(days, name), sumOf(before, name)]
    const percent = numberFormat(locale, { style: "percent", signDisplay: "exceptZero" })
    return {
      value: count.toLocaleString(locale),
      text: t(comparedBy(earlier), {
        count: earlier,
        change: percent.format(count / Math.max(1, earlier) - 1),
      }),
      isMore: comparedBy(earlier) === "against" && count > earlier,
    }
  }
  return (
    <dl className="grid grid-cols-2 overflow-hidden rounded-[14px] border border-line bg-raised lg:grid-cols-4">
      <Figure
        name={t("open")}
        href="/admin/shares?status=open"
        value={upTo(shares.open)}
        text={t("newThisWeek", { count: upTo(shares.madeThisWeek) })}
        isMore={shares.madeThisWeek > 0}
      />
      <Figure name={t("claims30")} href="/admin/shares?sort=-views" {...number("claims")} />
      <Figure name={t("views30")} href="/admin/shares?sort=-views" {...number("views")} />
      <Figure
        name={t("used")}
        href="/admin/members?sort=-storage"
        value={formatBytes(usedBytes, locale)}
        text={t("usedBy", { members })}
      />
    </dl>
  )
}

/** A percentage of a smaller number says little. */
const LEAST_FOR_PERCENT = 20

/** How a number is compared with an earlier one: by a percentage, or by that number itself. */
export const comparedBy = (earlier: number) =>
  earlier === 0 ? "noneBefore" : earlier < LEAST_FOR_PERCENT ? "fewBefore" : "against"

const sumOf = (days: ActivityDay[], name: "views" | "claims") =>
  days.reduce((sum, day) => sum + day[name], 0)

type FigureProps = {
  name: string
  /** The list behind the number. */
  href: string
  value: string
  text: ReactNode
  /** Whether it is more than before. */
  isMore?: boolean
}

const Figure = ({ name, href, value, text, isMore = false }: FigureProps) => (
  <div className="relative border-line px-4.5 py-3.5 nth-2:border-s nth-3:border-t nth-4:border-s nth-4:border-t hover:bg-selected lg:nth-3:border-s lg:nth-3:border-t-0 lg:nth-4:border-t-0">
    <dt className="text-sm text-soft">{name}</dt>
    <dd className="text-[1.625rem] leading-tight font-semibold tracking-[-0.02em]">
      <Link href={href} prefetch={false} className="after:absolute after:inset-0">
        {value}
      </Link>
    </dd>
    <dd className={classNames("text-sm text-balance", isMore ? "text-success-ink" : "text-soft")}>
      {text}
    </dd>
  </div>
)
