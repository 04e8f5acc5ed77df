"use client"

import { useTranslations } from "next-intl"
import { useId, useState } from "react"
import { formText, onSubmit } from "#components/calls/on-submit.ts"
import { useChange } from "#components/calls/use-call.ts"
import { Button } from "#components/ui/button.tsx"
import { Dialog, DialogClose } from "#components/ui/dialogs/dialog.tsx"
import { useTypedText } from "#components/ui/dialogs/typed-fields.ts"
import { Field } from "#components/ui/forms/field.tsx"
import { useToast } from "#components/ui/overlays/toast.tsx"
import { isStoredAs } from "#lib/files/file-name.ts"

type RenameDialogProps = {
  title: string
  text: string
  /** The present name; null closes the dialog. */
  name: string | null
  /** The id of the renamed item; typed text is kept under it. */
  id: string
  /** Resolves with the stored name. */
  rename: (name: string) => Promise<{ name: string }>
  onClose: () => void
}

/** Renames a file or a folder. If the stored name differs from the typed one, a toast shows it. */
export function RenameDialog({ title, text, name, id, rename, onClose }: RenameDialogProps) {
  const t = useTranslations("member.files")
  const words = useTranslations("member")
  const toast = useToast()
  const formId = useId()
  const { run, pending, refused, reset } = useChange()
  // Kept while the dialog fades out.
  const [last, setLast] = useState({ id, name })
  if (name !== null && (name !== last.name || id !== last.id)) setLast({ id, name })
  const close = () => {
    reset()
    onClose()
  }
  const save = (typed: string) =>
    run(
      () => rename(typed),
      (stored) => {
        close()
        if (!isStoredAs(typed, stored.name))
          toast({ title: words("savedAs", { name: stored.name }), tone: "ok" })
      },
    )
  return (
    <Dialog
      keepAs={`rename ${last.id}`}
      open={name !== null}
      onOpenChange={(open) => !open && close()}
      title={title}
      description={text}
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
        method="post"
        id={formId}
        onSubmit={onSubmit((form) => save(formText(form, "name") ?? ""))}
      >
        <NameField name={last.name ?? ""} error={refused?.message} />
      </form>
    </Dialog>
  )
}

function NameField({ name, error }: { name: string; error: string | undefined }) {
  const t = useTranslations("member.files")
  const typed = useTypedText("name", name)
  return <Field label={t("name")} {...typed} required maxLength={255} error={error} />
}
