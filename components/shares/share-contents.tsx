"use client"

import { useLocale, useTranslations } from "next-intl"
import type { ReactNode } from "react"
import { classNames } from "#components/ui/class-names.ts"
import { formatBytes } from "#lib/adapters/text/format-bytes.ts"
import type { ShareView } from "#lib/rooms/shares/share.ts"
import { ViewedCount } from "./share-counted.tsx"

/** "3 files · 4.2 GB · password", and more at the end. */
export function ShareContents({ share, more }: { share: ShareView; more?: ReactNode }) {
  const t = useTranslations("member.shares")
  const locale = useLocale()
  const isEmpty = share.fileCount === 0
  const parts = [
    t("fileCount", { count: share.fileCount }),
    !isEmpty && formatBytes(share.totalBytes, locale),
    share.hasPassword && t("password"),
    share.direct && t("direct"),
    share.arrivingFileCount > 0 && t("arriving", { count: share.arrivingFileCount }),
    share.abandonedFileCount > 0 && t("abandoned", { count: share.abandonedFileCount }),
  ]
  return (
    <div className={classNames("truncate text-sm", isEmpty ? "text-danger" : "text-soft")}>
      {parts.filter(Boolean).join(" · ")}
      <ViewedCount share={share} />
      {more}
    </div>
  )
}
