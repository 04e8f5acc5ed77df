"use client"

import { useTranslations } from "next-intl"
import { useCallback, useState } from "react"
import type { Upload } from "#packages/uploader/upload.ts"
import { type CancelTarget, CancelUploadDialog } from "./cancel-upload-dialog.tsx"
import { markAsShared, useSharedFileIds } from "./shared-uploads.ts"
import { tabUploader } from "./tab-uploader.ts"
import { UploadLinkBar } from "./upload-link-bar.tsx"
import { UploadRows } from "./upload-rows.tsx"
import { UploadTotalsBar } from "./upload-totals-bar.tsx"
import { useUploads } from "./use-uploads.ts"

type UploadPanelProps = {
  /** Makes a link of files, and calls back when it is made. */
  onCreateLink: (fileIds: string[], onCreated: () => void) => void
  creating: boolean
}

/**
 * The uploads of this tab, and the button that makes a link of them. Renders nothing without
 * uploads.
 */
export function UploadPanel({ onCreateLink, creating }: UploadPanelProps) {
  const t = useTranslations("member.upload")
  const { uploads, totals } = useUploads()
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
  if (uploads.length === 0) return null

  const { failed, active, stored, count } = totals
  const anyShared = uploads.some(({ fileId }) => fileId && shared.has(fileId))

  function createLink(fileIds: string[]) {
    onCreateLink(fileIds, () => {
      markAsShared(fileIds)
      removeStored(fileIds)
    })
  }

  return (
    <section
      aria-label={t("panel")}
      className="mb-8.5 rounded-[14px] bg-raised px-5 py-2 inset-ring inset-ring-line"
    >
      {uploads.length > 1 && (
        <UploadTotalsBar
          uploads={uploads}
          totals={totals}
          onCancelAll={() => (anyShared ? setCancelTarget({}) : tabUploader().cancel())}
        />
      )}
      <UploadRows uploads={uploads} onCancel={cancel} />
      <UploadLinkBar uploads={uploads} shared={shared} creating={creating} onCreate={createLink} />
      <p role="status" className="sr-only">
        {t("spoken", { failed, active, stored, count })}
      </p>
      <CancelUploadDialog target={cancelTarget} onClose={() => setCancelTarget(null)} />
    </section>
  )
}

/** Removes the stored ones of these files from the list. */
function removeStored(fileIds: readonly string[]) {
  const wanted = new Set(fileIds)
  const { uploads } = tabUploader().snapshot()
  const stored = uploads.filter(({ file }) => file && wanted.has(file.id))
  tabUploader().removeStored(stored.map(({ id }) => id))
}
