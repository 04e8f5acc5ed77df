"use client"

import { useTranslations } from "next-intl"
import { useId, useState } from "react"
import type { FileView } from "#lib/files/file.ts"
import { Button } from "../ui/button.tsx"
import { Dialog, DialogClose } from "../ui/dialog.tsx"
import { Field } from "../ui/field.tsx"
import { type FormAction, useAct } from "../use-act.ts"

/** Fields `id` and `name`. */
export type RenameFile = FormAction<FileView>

type RenameFileDialogProps = { file: FileView | null; rename: RenameFile; onClose: () => void }

/** Another name for a file, here and for everyone who downloads it. */
export function RenameFileDialog({ file, rename, onClose }: RenameFileDialogProps) {
  const t = useTranslations("member.files")
  const formId = useId()
  const { act, pending, refused, forgive } = useAct(rename)
  // What is shown while the dialog fades.
  const [last, setLast] = useState(file)
  if (file && file !== last) setLast(file)
  const close = () => {
    forgive()
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
