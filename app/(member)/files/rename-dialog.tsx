"use client"

import { useTranslations } from "next-intl"
import { useId, useState } from "react"
import { Button } from "#components/ui/button.tsx"
import { Dialog, DialogClose } from "#components/ui/dialog.tsx"
import { Field } from "#components/ui/field.tsx"
import { useToast } from "#components/ui/toast.tsx"
import { useTypedText } from "#components/ui/typed-fields.ts"
import { type FormAction, useAct } from "#components/use-act.ts"
import { isStoredAs } from "#lib/files/file-name.ts"

type RenameDialogProps<Result> = {
  title: string
  text: string
  /** The name now; null: closed. */
  name: string | null
  /** Says what is renamed, for the action, beside the new name in `name`. */
  id: string
  action: FormAction<Result>
  onClose: () => void
}

/**
 * Renames a file or a folder. The action gets the fields `id` and `name`, and answers with the name
 * that it stored: where that is another one, a toast says so.
 */
export function RenameDialog<Result extends { name: string }>(props: RenameDialogProps<Result>) {
  const { title, text, name, id, action, onClose } = props
  const t = useTranslations("member.files")
  const words = useTranslations("member")
  const toast = useToast()
  const formId = useId()
  const { act, pending, refused, reset } = useAct(action)
  // Kept while the dialog fades out.
  const [last, setLast] = useState({ id, name })
  if (name !== null && (name !== last.name || id !== last.id)) setLast({ id, name })
  const close = () => {
    reset()
    onClose()
  }
  function rename(form: FormData) {
    const typed = form.get("name")
    act(form, ({ name }) => {
      close()
      if (typeof typed === "string" && !isStoredAs(typed, name))
        toast({ title: words("savedAs", { name }), tone: "ok" })
    })
  }
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
        id={formId}
        onSubmit={(event) => {
          event.preventDefault()
          rename(new FormData(event.currentTarget))
        }}
      >
        <input type="hidden" name="id" value={last.id} />
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
