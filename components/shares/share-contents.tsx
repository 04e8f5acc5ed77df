"use client"

import { useLocale, useTranslations } from "next-intl"
import type { ReactNode } from "react"
import { Dotted } from "#components/lists/dotted.tsx"
import { classNames } from "#components/ui/class-names.ts"
import { formatBytes } from "#lib/adapters/text/format-bytes.ts"
import type { ShareView } from "#lib/rooms/shares/share.ts"
import { ViewedCount } from "./share-counted.tsx"

/** "3 files · 4.2 GB · password", and more, as a DottedItem, at the end. */
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
    <Dotted
      items={parts}
      end={
        <>
          <ViewedCount share={share} />
          {more}
        </>
      }
      className={classNames("text-sm", isEmpty ? "text-danger" : "text-soft")}
    />
  )
}
