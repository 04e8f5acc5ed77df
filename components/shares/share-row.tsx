"use client"

import Link from "next/link"
import { useLocale, useTranslations } from "next-intl"
import type { ReactNode } from "react"
import { Dotted } from "#components/lists/dotted.tsx"
import { rowClass } from "#components/lists/row-class.ts"
import { classNames } from "#components/ui/class-names.ts"
import { RowFileName } from "#components/ui/files/file-name.tsx"
import { RowCheckbox } from "#components/ui/forms/checkbox.tsx"
import { RowMenu } from "#components/ui/overlays/row-menu.tsx"
import type { ShareView } from "#lib/rooms/shares/share.ts"
import { QuestionBadge } from "./asked-shares.tsx"
import { CutOffBadge, LapseWords, ShareLapse } from "./expiry/share-lapse.tsx"
import { ShareCounted, useCountedText } from "./share-counted.tsx"
import { shareName } from "./share-name.ts"
import { ShareRing } from "./share-ring.tsx"

export type ShareRowProps = {
  share: ShareView
  href: string
  /** The grid columns on a wide screen. */
  columns: string
  /** The number of open questions. */
  questions: number
  now: string
  selected: boolean
  selectable?: boolean
  onSelect: (on: boolean) => void
  /** Content below the name. */
  contents: ReactNode
  /** The cell before the end. */
  before: ReactNode
  /** The cell before the downloads. */
  between?: ReactNode
  /** Content of the last cell, beside the menu. */
  actions?: ReactNode
  menu: ReactNode
  /** Content beside the end. */
  end?: ReactNode
}

/** A share in a list: columns on a wide screen, a few lines on a phone. */
export function ShareRow(props: ShareRowProps) {
  const { share, href, columns, questions, now, selected, selectable = true, onSelect } = props
  const { contents, before, between, actions, menu, end } = props
  const t = useTranslations("member.shares")
  const lists = useTranslations("member.lists")
  const locale = useLocale()
  const countedText = useCountedText()
  const over = share.status !== "open" && share.status !== "scheduled"
  const name = shareName(share, t)
  return (
    <li
      className={classNames(rowClass(columns, selected), "py-3.5 lg:py-1.25", over && "text-soft")}
    >
      <div className="flex items-center gap-4">
        <RowCheckbox
          label={lists("choose", { name })}
          checked={selected}
          disabled={!selectable}
          onChange={({ currentTarget }) => onSelect(currentTarget.checked)}
        />
        <ShareRing share={share} now={now} />
      </div>
      <div className="min-w-0">
        <div className="flex min-w-0 items-center gap-2 max-lg:flex-wrap max-lg:gap-y-1 max-lg:pb-0.5 max-sm:*:whitespace-normal">
          <Link
            href={href}
            prefetch={false}
            title={name}
            className="line-clamp-3 min-w-0 font-medium wrap-anywhere text-ink after:absolute after:inset-0"
          >
            <RowFileName name={name} />
          </Link>
          <QuestionBadge count={questions} />
          <CutOffBadge share={share} now={now} />
        </div>
        {contents}
      </div>
      <div className="col-span-2 col-start-2 row-start-2 text-sm text-soft lg:hidden">
        <Dotted
          items={[
            <LapseWords key="lapse" share={share} now={now} />,
            share.views > 0 && t("viewCount", { count: share.views }),
            countedText(share),
          ]}
          end={end && <span className="relative z-10 whitespace-nowrap">{end}</span>}
        />
      </div>
      {before}
      <div className="max-lg:hidden">
        {end && <div className="relative z-10 float-end ms-1">{end}</div>}
        <ShareLapse share={share} now={now} />
      </div>
      <div className="text-end max-lg:hidden">
        {share.views.toLocaleString(locale)}
        <span className="sr-only"> {t("views")}</span>
      </div>
      {between}
      <div className="text-end max-lg:hidden">
        <ShareCounted share={share} />
      </div>
      <div className="relative z-10 flex items-center justify-end max-lg:col-start-3 max-lg:row-start-1">
        {!over && actions}
        <RowMenu label={t("menuOf", { name })}>{menu}</RowMenu>
      </div>
    </li>
  )
}
