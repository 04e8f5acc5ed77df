"use client"

import { useTranslations } from "next-intl"
import { Badge } from "../ui/badge.tsx"
import { useUploads } from "../upload/use-uploads.ts"

/** "On its way", and how far where this tab is the one that sends it. */
export function ArrivingBadge({ fileId }: { fileId: string }) {
  const t = useTranslations("member.share")
  const upload = useUploads().uploads.find((one) => one.fileId === fileId)
  if (!upload || upload.size === 0) return <Badge>{t("arriving")}</Badge>
  return <Badge>{t("arrivingAt", { fraction: upload.sentBytes / upload.size })}</Badge>
}
