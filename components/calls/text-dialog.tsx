"use client"

import { useId } from "react"
import { Button } from "#components/ui/button.tsx"
import { Dialog, DialogClose } from "#components/ui/dialogs/dialog.tsx"
import { useTypedText } from "#components/ui/dialogs/typed-fields.ts"
import { useLast } from "#components/ui/dialogs/use-last.ts"
import { SuggestedField } from "#components/ui/forms/suggested-field.tsx"
import { formText, onSubmit } from "./on-submit.ts"
import { useChange } from "./use-call.ts"

/** One text that a dialog asks for, such as a new name. */
export type AskedText = {
  /** Names the subject; what is typed is kept under it. */
  keepAs: string
  title: string
  description?: string
  /** The name of the field. */
  name: string
  label: string
  hint?: string
  value: string
  required?: boolean
  maxLength: number
  confirmLabel: string
  /** Fetches texts to suggest. */
  suggest?: () => Promise<{ items: string[] }>
  save: (text: string) => Promise<unknown>
}

/** Asks for a text and saves it. The dialog is open while `asked` is not null. */
export function TextDialog({ asked, onClose }: { asked: AskedText | null; onClose: () => void }) {
  const form = useId()
  const { run, pending, refused, reset } = useChange()
  const last = useLast(asked)
  if (!last) return null
  const { keepAs, title, description, name, confirmLabel, save } = last

  function close() {
    reset()
    onClose()
  }

  return (
    <Dialog
      keepAs={keepAs}
      open={asked !== null}
      onOpenChange={(open) => !open && close()}
      title={title}
      description={description}
      footer={
        <>
          <DialogClose />
          <Button type="submit" form={form} pending={pending}>
            {confirmLabel}
          </Button>
        </>
      }
    >
      <form
        method="post"
        id={form}
        onSubmit={onSubmit((fields) => run(() => save(formText(fields, name) ?? ""), close))}
      >
        <TextField asked={last} error={refused?.message} />
      </form>
    </Dialog>
  )
}

function TextField({ asked, error }: { asked: AskedText; error: string | undefined }) {
  const { name, label, hint, value, required, maxLength, suggest } = asked
  const typed = useTypedText(name, value)
  return (
    <SuggestedField
      label={label}
      hint={hint}
      {...typed}
      suggest={suggest}
      required={required}
      maxLength={maxLength}
      error={error}
    />
  )
}
