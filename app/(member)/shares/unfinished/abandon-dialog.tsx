"use client"

import { useLocale, useTranslations } from "next-intl"
import { AlertDialog } from "#components/ui/dialogs/alert-dialog.tsx"
import { useLast } from "#components/ui/dialogs/use-last.ts"
import { tabUploader } from "#components/upload/tab-uploader.ts"
import { formatBytes } from "#lib/adapters/text/format-bytes.ts"
import type { UnfinishedUpload } from "#packages/uploader/upload.ts"
import { SharesOfFiles } from "../shares-of-files.tsx"

type AbandonDialogProps = {
  /** The dialog is open while the list is not empty. */
  uploads: readonly UnfinishedUpload[]
  onClose: () => void
  onAbandoned: (count: number) => void
}

/** Asks before unfinished uploads are abandoned, and names the shares that contain them. */
export function AbandonDialog({ uploads, onClose, onAbandoned }: AbandonDialogProps) {
  const t = useTranslations("member.unfinished")
  const locale = useLocale()
  const last = useLast(uploads.length > 0 ? uploads : null) ?? []
  const ids = last.map(({ fileId }) => fileId)
  const bytes = last.reduce((sum, { storedBytes }) => sum + storedBytes, 0)
  return (
    <AlertDialog
      open={uploads.length > 0}
      onOpenChange={(open) => !open && onClose()}
      title={t("giveUpTitle", { count: last.length, name: last[0]?.name ?? "" })}
      description={t("giveUpText", {
        count: last.length,
        some: bytes > 0 ? "yes" : "no",
        size: formatBytes(bytes, locale),
      })}
      confirmLabel={t("giveUpNow")}
      onConfirm={() => {
        tabUploader().abandonUnfinished(ids)
        onClose()
        onAbandoned(ids.length)
      }}
    >
      <SharesOfFiles
        key={ids.join()}
        fileIds={ids}
        none={t("inNoShare", { count: ids.length })}
        some={(shares) => t("inShares", { shares, count: ids.length })}
      />
    </AlertDialog>
  )
}
