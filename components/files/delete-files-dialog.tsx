"use client"

import { useTranslations } from "next-intl"
import { useState } from "react"
import type { FileView } from "#lib/files/file.ts"
import type { FindShares } from "../shares/share-seams.ts"
import { SharesOfFiles } from "../shares/shares-of-files.tsx"
import { AlertDialog } from "../ui/alert-dialog.tsx"
import { useToast } from "../ui/toast.tsx"
import { type FormAction, useAct } from "../use-act.ts"

export type DeleteFilesActions = {
  /** Field `files`, ids with spaces between. */
  remove: FormAction<{ count: number }>
  findShares: FindShares
}

type DeleteFilesDialogProps = {
  files: FileView[]
  actions: DeleteFilesActions
  onClose: () => void
  onDeleted: (ids: string[]) => void
}

/** Says which shares lose the files before they are deleted. */
export function DeleteFilesDialog({ files, actions, onClose, onDeleted }: DeleteFilesDialogProps) {
  const t = useTranslations("member.files")
  const toast = useToast()
  const { act, pending, refused, forgive } = useAct(actions.remove)
  // What is shown while the dialog fades.
  const [last, setLast] = useState(files)
  if (files.length > 0 && files !== last) setLast(files)
  const ids = last.map(({ id }) => id)
  const close = () => {
    forgive()
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
        findShares={actions.findShares}
        none={t("inNoShare")}
        some={(count) => t("inShares", { count })}
      />
      {refused && (
        <p role="alert" className="mt-3 text-sm text-danger">
          {refused.message}
        </p>
      )}
    </AlertDialog>
  )
}
