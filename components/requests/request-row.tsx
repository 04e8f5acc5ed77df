"use client"

import Link from "next/link"
import { useLocale, useTranslations } from "next-intl"
import type { ReactNode } from "react"
import { Dotted } from "#components/lists/dotted.tsx"
import { LapseWords, ShareLapse } from "#components/shares/expiry/share-lapse.tsx"
import { ShareRing } from "#components/shares/share-ring.tsx"
import { TimeHead } from "#components/time/local-time.tsx"
import { classNames } from "#components/ui/class-names.ts"
import { RowMenu } from "#components/ui/overlays/row-menu.tsx"
import { formatBytes } from "#lib/adapters/text/format-bytes.ts"
import type { RequestView } from "#lib/rooms/requests/request.ts"

type RequestRowProps = {
  request: RequestView
  href: string
  /** The grid columns on a wide screen. */
  columns: string
  now: string
  /** Content after the title. */
  beside?: ReactNode
  /** Content below the facts, and the cell after the title. */
  below?: ReactNode
  owner?: ReactNode
  /** Content beside the end. */
  end?: ReactNode
  /** Content of the last cell, beside the menu. */
  actions?: ReactNode
  menu: ReactNode
}

/** A request in a list: columns on a wide screen, a few lines on a phone. */
export function RequestRow(props: RequestRowProps) {
  const { request, href, columns, now, beside, below, owner, end, actions, menu } = props
  const t = useTranslations("member")
  const received = useReceived()(request)
  const { title, status, hasPassword, reusable, slug } = request
  const over = status !== "open" && status !== "scheduled"
  const facts = [
    hasPassword && t("requests.password"),
    !reusable && t("requests.once"),
    slug && <bdi key="slug">{`/r/${slug}`}</bdi>,
  ].filter(Boolean)
  return (
    <li
      className={classNames(
        "relative grid grid-cols-[1.625rem_minmax(0,1fr)_auto] items-center gap-x-3.5 border-t border-line py-3.5 max-lg:first:border-t-0 text-[0.9375rem] hover:bg-[color-mix(in_srgb,var(--color-selected)_45%,transparent)] lg:min-h-13 lg:py-1.25 lg:leading-5",
        columns,
        over && "text-soft",
      )}
    >
      <ShareRing share={request} now={now} />
      <div className="min-w-0">
        <div className="wrap-anywhere">
          <Link
            href={href}
            prefetch={false}
            className="font-medium text-ink after:absolute after:inset-0"
          >
            <bdi>{title}</bdi>
          </Link>{" "}
          {beside && <span className="ms-1">{beside}</span>}
        </div>
        {facts.length > 0 && <Dotted items={facts} className="text-sm text-soft max-lg:hidden" />}
        {below}
      </div>
      <div className="col-start-2 col-end-4 row-start-2 text-sm text-soft lg:hidden">
        <Dotted
          items={[
            <LapseWords key="lapse" share={request} now={now} />,
            end && <span className="relative z-10">{end}</span>,
            ...facts,
          ]}
        />
        <Dotted items={[received.files, received.size, ...received.more]} />
      </div>
      {owner}
      <div className="max-lg:hidden">
        <Dotted items={[received.files, received.size]} />
        <Dotted items={received.more} className="text-sm text-soft" />
      </div>
      <div className="relative max-lg:hidden">
        <ShareLapse share={request} now={now} />
        {end && <div className="absolute end-0 top-0 z-10">{end}</div>}
      </div>
      <div className="relative z-10 flex items-center justify-end max-lg:col-start-3 max-lg:row-start-1 max-lg:-my-2.5">
        {!over && actions}
        <RowMenu label={t("shares.menuOf", { name: title })}>{menu}</RowMenu>
      </div>
    </li>
  )
}

type RequestHeadsProps = {
  columns: string
  /** The head of the owners, in an admin's list. */
  owner?: ReactNode
}

/** The heads of the columns on a wide screen. */
export function RequestHeads({ columns, owner }: RequestHeadsProps) {
  const t = useTranslations("member")
  return (
    <div
      aria-hidden
      className={classNames(
        "items-center text-xs font-medium text-soft max-lg:hidden lg:grid lg:min-h-9",
        columns,
      )}
    >
      <span />
      <span>{t("requests.request")}</span>
      {owner && <span className="max-xl:hidden">{owner}</span>}
      <span>{t("requests.cameIn")}</span>
      <TimeHead text={t("shares.statusLabel")} />
      <span />
    </div>
  )
}

type Received = Pick<
  RequestView,
  "fileCount" | "totalBytes" | "maxBytes" | "deliveries" | "arrivingFileCount" | "arrivingBytes"
>

/** Returns a function that says what was received, and what is still to come. */
function useReceived() {
  const t = useTranslations("member.requests")
  const locale = useLocale()
  return ({
    fileCount,
    totalBytes,
    maxBytes,
    deliveries,
    arrivingFileCount: arriving,
    arrivingBytes,
  }: Received) => ({
    files: t("files", { count: fileCount - arriving }),
    size: t("sizeOf", {
      size: formatBytes(totalBytes - arrivingBytes, locale),
      most: formatBytes(maxBytes, locale),
    }),
    more: [
      ...(fileCount > 0 ? [t("senders", { count: deliveries })] : []),
      ...(arriving > 0 ? [t("notReceived", { amount: arriving.toLocaleString(locale) })] : []),
    ],
  })
}
