"use client"

import { useTranslations } from "next-intl"
import { useId, useState } from "react"
import { Button } from "#components/ui/button.tsx"
import { Dialog, DialogClose } from "#components/ui/dialog.tsx"
import { Field } from "#components/ui/field.tsx"
import { useAct } from "#components/use-act.ts"
import type { FolderView } from "#lib/files/list-folders.ts"
import { renameFolderAction } from "./actions.ts"

type RenameFolderDialogProps = { folder: FolderView | null; onClose: () => void }

/** Renames a folder, also for all who open a share with files of it. */
export function RenameFolderDialog({ folder, onClose }: RenameFolderDialogProps) {
  const t = useTranslations("member.folders")
  const formId = useId()
  const { act, pending, refused, reset } = useAct(renameFolderAction)
  // Kept while the dialog fades out.
  const [last, setLast] = useState(folder)
  if (folder && folder !== last) setLast(folder)
  const close = () => {
    reset()
    onClose()
  }
  return (
    <Dialog
      open={folder !== null}
      onOpenChange={(open) => !open && close()}
      title={t("renameTitle")}
      description={t("renameText")}
      footer={
        <>
          <DialogClose render={<Button variant="quiet">{t("cancel")}</Button>} />
          <Button type="submit" form={formId} pending={pending}>
            {t("renameNow")}
          </Button>
        </>
      }
    >
      <form
        id={formId}
        onSubmit={(event) => {
          event.preventDefault()
          act(new FormData(event.currentTarget), close)
        }}
      >
        <input type="hidden" name="from" value={last?.path ?? ""} />
        <Field
          label={t("name")}
          name="name"
          required
          maxLength={255}
          defaultValue={last?.name}
          error={refused?.message}
        />
      </form>
    </Dialog>
  )
}
