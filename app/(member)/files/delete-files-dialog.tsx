"use client"

import { useTranslations } from "next-intl"
import { useState } from "react"
import { ActionError } from "#components/ui/action-error.tsx"
import { AlertDialog } from "#components/ui/alert-dialog.tsx"
import { useToast } from "#components/ui/toast.tsx"
import { useAct } from "#components/use-act.ts"
import type { FileView } from "#lib/files/file.ts"
import { SharesOfFiles } from "../shares/shares-of-files.tsx"
import { deleteFilesAction } from "./actions.ts"

type DeleteFilesDialogProps = {
  files: FileView[]
  onClose: () => void
  onDeleted: (ids: string[]) => void
}

/** Deletes files, and shows before which shares lose them. */
export function DeleteFilesDialog({ files, onClose, onDeleted }: DeleteFilesDialogProps) {
  const t = useTranslations("member.files")
  const toast = useToast()
  const { act, pending, refused, reset } = useAct(deleteFilesAction)
  // Kept while the dialog fades out.
  const [last, setLast] = useState(files)
  if (files.length > 0 && files !== last) setLast(files)
  const ids = last.map(({ id }) => id)
  const close = () => {
    reset()
    onClose()
  }
  return (
    <AlertDialog
      open={files.length > 0}
      onOpenChange={(open) => !open && close()}
      title={t("deleteTitle", { count: last.length, name: last[0]?.name ?? "" })}
      description={t("deleteText", { count: last.length })}
      confirmLabel={t("deleteNow", { count: last.length })}
      pending={pending}
      onConfirm={() =>
        act({ files: ids.join(" ") }, ({ count }) => {
          close()
          onDeleted(ids)
          toast({ title: t("deleted", { count }) })
        })
      }
    >
      <SharesOfFiles
        key={ids.join()}
        fileIds={ids}
        none={t("inNoShare")}
        some={(count) => t("inShares", { count })}
      />
      {refused && <ActionError className="mt-3">{refused.message}</ActionError>}
    </AlertDialog>
  )
}
