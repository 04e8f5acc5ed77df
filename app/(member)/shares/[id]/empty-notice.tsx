"use client"

import { useTranslations } from "next-intl"
import { Notice } from "#components/ui/notice.tsx"
import type { ShareView } from "#lib/rooms/shares/share.ts"
import { AddFiles } from "./share-file-actions.tsx"

/** Whether a share is open, and all of its files were deleted. */
export const isEmpty = ({ status, fileCount }: Pick<ShareView, "status" | "fileCount">) =>
  fileCount === 0 && (status === "open" || status === "scheduled")

/** Says that a link opens without files, and offers to add some. */
export function EmptyNotice({ shareId }: { shareId: string }) {
  const t = useTranslations("member.share")
  return (
    <Notice tone="warning" className="mb-8">
      <p className="font-semibold">{t("emptyTitle")}</p>
      <p className="mt-1 mb-3 max-w-[64ch]">{t("emptyText")}</p>
      <AddFiles shareId={shareId} />
    </Notice>
  )
}
