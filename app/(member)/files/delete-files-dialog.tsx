"use client"

import { useTranslations } from "next-intl"
import { useState } from "react"
import { ask } from "#components/calls/ask.ts"
import { useBulkChange } from "#components/calls/use-bulk-change.ts"
import { AlertDialog } from "#components/ui/dialogs/alert-dialog.tsx"
import { useLast } from "#components/ui/dialogs/use-last.ts"
import { ActionError } from "#components/ui/forms/action-error.tsx"
import { useToast } from "#components/ui/overlays/toast.tsx"
import { SharesOfFiles } from "../shares/shares-of-files.tsx"

/** The files to delete; `name` is the name of the only file, or of the folder they are in. */
export type Deleting = { ids: string[]; name: string; onDeleted?: (ids: string[]) => void }

type DeleteFilesDialogProps = {
  deleting: Deleting | null
  onClose: () => void
}

/** Deletes files after a confirmation that names the shares which lose them. */
export function DeleteFilesDialog({ deleting, onClose }: DeleteFilesDialogProps) {
  const t = useTranslations("member.files")
  const lists = useTranslations("member.lists")
  const toast = useToast()
  const { run, progress, pending } = useBulkChange()
  const [refused, setRefused] = useState("")
  const { ids, name, onDeleted } = useLast(deleting) ?? { ids: [], name: "" }
  const close = () => {
    setRefused("")
    onClose()
  }

  async function confirm() {
    setRefused("")
    const { count, refused } = await run(ids, (part) =>
      ask("POST /files/delete", { body: { ids: part } }),
    )
    if (refused) return setRefused(refused.message)
    close()
    onDeleted?.(ids)
    toast({ title: t("deleted", { count }) })
  }

  return (
    <AlertDialog
      open={deleting !== null}
      onOpenChange={(open) => !open && !pending && close()}
      title={t("deleteTitle", { count: ids.length, name })}
      description={t("deleteText", { count: ids.length })}
      confirmLabel={progress ? lists("working", progress) : t("deleteNow", { count: ids.length })}
      pending={pending}
      onConfirm={() => void confirm()}
    >
      {ids.length > 0 && (
        <SharesOfFiles
          key={ids.join()}
          fileIds={ids}
          none={t("inNoShare")}
          some={(count) => t("inShares", { count })}
          emptied={(count) => t("lastOf", { count, files: ids.length })}
        />
      )}
      {refused && <ActionError className="mt-3">{refused}</ActionError>}
    </AlertDialog>
  )
}
