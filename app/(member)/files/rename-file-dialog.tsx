"use client"

import { useTranslations } from "next-intl"
import { useId, useState } from "react"
import { Button } from "#components/ui/button.tsx"
import { Dialog, DialogClose } from "#components/ui/dialog.tsx"
import { Field } from "#components/ui/field.tsx"
import { useAct } from "#components/use-act.ts"
import type { FileView } from "#lib/files/file.ts"
import { renameFileAction } from "./actions.ts"

type RenameFileDialogProps = { file: FileView | null; onClose: () => void }

/** Renames a file, also for all who download it. */
export function RenameFileDialog({ file, onClose }: RenameFileDialogProps) {
  const t = useTranslations("member.files")
  const formId = useId()
  const { act, pending, refused, reset } = useAct(renameFileAction)
  // Kept while the dialog fades out.
  const [last, setLast] = useState(file)
  if (file && file !== last) setLast(file)
  const close = () => {
    reset()
    onClose()
  }
  return (
    <Dialog
      open={file !== null}
      onOpenChange={(open) => !open && close()}
      title={t("renameTitle")}
      description={t("renameText")}
      footer={
        <>
          <DialogClose render={<Button variant="quiet">{t("cancel")}</Button>} />
          <Button type="submit" form={formId} pending={pending}>
            {t("rename")}
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
        <input type="hidden" name="id" value={last?.id ?? ""} />
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
