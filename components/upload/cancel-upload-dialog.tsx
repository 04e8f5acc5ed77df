"use client"

import { useTranslations } from "next-intl"
import { AlertDialog } from "#components/ui/dialogs/alert-dialog.tsx"
import { useLast } from "#components/ui/dialogs/use-last.ts"
import type { Upload } from "#packages/uploader/upload.ts"
import { tabUploader } from "./tab-uploader.ts"

/** One upload, or all those with these ids. */
export type CancelTarget = { upload?: Upload; ids?: readonly string[] }

type CancelUploadDialogProps = { target: CancelTarget | null; onClose: () => void }

/** Asks before cancelling an upload that a link contains. */
export function CancelUploadDialog({ target, onClose }: CancelUploadDialogProps) {
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
