"use client"

import { useLocale, useTranslations } from "next-intl"
import { Badge } from "#components/ui/badge.tsx"
import { useUploads } from "#components/upload/use-uploads.ts"
import { formatBytes } from "#lib/adapters/text/format-bytes.ts"
import type { ShareView } from "#lib/rooms/shares/share.ts"

const MAX_ROWS = 4

/** The files of a share that this tab is still uploading. Renders nothing once all are stored. */
export function ShareArrivals({ share: { files, fileCount } }: { share: ShareView }) {
  const t = useTranslations("member.dialog")
  const locale = useLocale()
  const held = new Set(files.map(({ id }) => id))
  const coming = useUploads().uploads.filter(
    ({ fileId, state }) => fileId !== null && held.has(fileId) && state !== "stored",
  )
  if (coming.length === 0) return null
  const more = coming.length - MAX_ROWS
  return (
    <section className="mb-6 rounded-[10px] bg-selected px-4 py-3 text-[0.9375rem]">
      <p role="status" className="font-semibold">
        {t("arriving", { count: coming.length, total: fileCount })}
      </p>
      <p className="mt-0.5 text-sm">{t("arrivingText")}</p>
      <ul className="mt-2 text-sm">
        {coming.slice(0, MAX_ROWS).map(({ id, name, sentBytes, size }) => (
          <li key={id} className="flex justify-between gap-4 py-0.5">
            <span className="min-w-0 truncate">{name}</span>
            <span className="shrink-0">
              {t("arrivingSent", {
                sent: formatBytes(sentBytes, locale),
                size: formatBytes(size, locale),
              })}
            </span>
          </li>
        ))}
      </ul>
      {more > 0 && <p className="text-sm">{t("arrivingMore", { count: more })}</p>}
    </section>
  )
}

type ArrivingBadgeProps = { fileId: string; isPaused: boolean }

/** A badge for a file that is still uploading, with its progress if this tab uploads it. */
export function ArrivingBadge({ fileId, isPaused }: ArrivingBadgeProps) {
  const t = useTranslations("member.share")
  const upload = useUploads().uploads.find((one) => one.fileId === fileId)
  if (!upload || upload.size === 0) return <Badge>{t(isPaused ? "paused" : "arriving")}</Badge>
  return <Badge>{t("arrivingAt", { fraction: upload.sentBytes / upload.size })}</Badge>
}
