"use client"

import { useTranslations } from "next-intl"
import { useCallback, useState } from "react"
import { AlertDialog } from "#components/ui/dialogs/alert-dialog.tsx"
import { useLast } from "#components/ui/dialogs/use-last.ts"
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

/** One upload, or all those with these ids. */
type CancelTarget = { upload?: Upload; ids?: readonly string[] }

type CancelUploadDialogProps = { target: CancelTarget | null; onClose: () => void }

/** Asks before cancelling an upload that a link contains. */
function CancelUploadDialog({ target, onClose }: CancelUploadDialogProps) {
  const t = useTranslations("member.upload")
  const { upload, ids = [] }: CancelTarget = useLast(target) ?? {}
  return (
    <AlertDialog
      open={target !== null}
      onOpenChange={(open) => !open && onClose()}
      title={upload ? t("cancelTitle", { name: upload.name }) : t("cancelAllTitle")}
      description={t(upload ? "cancelText" : "cancelAllText")}
      confirmLabel={t(upload ? "cancelNow" : "cancelAllNow")}
      cancelLabel={t("keepNow")}
      onConfirm={() => {
        tabUploader().cancel(upload?.id ?? ids)
        onClose()
      }}
    />
  )
}
