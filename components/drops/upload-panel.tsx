"use client"

import { useTranslations } from "next-intl"
import { useCallback, useState } from "react"
import { type CancelTarget, CancelUploadDialog } from "#components/upload/cancel-upload-dialog.tsx"
import { useSharedFileIds } from "#components/upload/shared-uploads.ts"
import { tabUploader } from "#components/upload/tab-uploader.ts"
import { useUploads } from "#components/upload/use-uploads.ts"
import type { PageSettings } from "#lib/web/page-settings.ts"
import type { Upload } from "#packages/uploader/upload.ts"
import { DropCard } from "./cards/drop-card.tsx"
import { LooseCard } from "./cards/loose-card.tsx"
import { useDrops } from "./use-drops.ts"

type UploadPanelProps = {
  settings: PageSettings
  /** The server's time. */
  now: string
}

/** The drops of this tab, each with its link and its files. Renders nothing if there are none. */
export function UploadPanel({ settings, now }: UploadPanelProps) {
  const t = useTranslations("member.upload")
  const { uploads, totals } = useUploads()
  const { drops } = useDrops()
  const shared = useSharedFileIds()
  const [cancelTarget, setCancelTarget] = useState<CancelTarget | null>(null)
  const cancel = useCallback(
    (upload: Upload) => {
      const isShared = upload.fileId !== null && shared.has(upload.fileId)
      if (isShared && upload.state !== "stored") setCancelTarget({ upload })
      else tabUploader().cancel(upload.id)
    },
    [shared],
  )
  if (uploads.length === 0 && drops.length === 0) return null

  function cancelAll(of: readonly Upload[]) {
    const left = of.filter(({ state }) => state !== "stored").map(({ id }) => id)
    const anyShared = of.some(({ fileId }) => fileId && shared.has(fileId))
    if (anyShared) setCancelTarget({ ids: left })
    else tabUploader().cancel(left)
  }

  const { failed, active, stored, count } = totals
  const linked = new Set(drops.flatMap(({ uploadIds }) => uploadIds))
  const loose = uploads.filter(({ id }) => !linked.has(id))
  const common = { shared, onCancel: cancel, onCancelAll: cancelAll }
  return (
    <section aria-label={t("panel")} className="mb-8.5 flex flex-col gap-4">
      {drops.map((drop) => (
        <DropCard
          key={drop.id}
          drop={drop}
          uploads={uploadsOf(drop.uploadIds, uploads)}
          settings={settings}
          now={now}
          {...common}
        />
      ))}
      {loose.length > 0 && <LooseCard uploads={loose} {...common} />}
      <p role="status" className="sr-only">
        {t("spoken", { failed, active, stored, count })}
      </p>
      <CancelUploadDialog target={cancelTarget} onClose={() => setCancelTarget(null)} />
    </section>
  )
}

function uploadsOf(uploadIds: readonly string[], uploads: readonly Upload[]) {
  const ids = new Set(uploadIds)
  return uploads.filter(({ id }) => ids.has(id))
}
