"use client"

import { useEffect, useId, useState } from "react"
import { Button } from "#components/ui/button.tsx"
import { Dialog, DialogClose } from "#components/ui/dialogs/dialog.tsx"
import { useTypedText } from "#components/ui/dialogs/typed-fields.ts"
import { useLast } from "#components/ui/dialogs/use-last.ts"
import { Field } from "#components/ui/forms/field.tsx"
import { formText, onSubmit } from "./on-submit.ts"
import { useCall, useChange } from "./use-call.ts"

/** One text that a dialog asks for, such as a new name. */
export type AskedText = {
  /** Names the subject; unsaved input is kept under this name. */
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
  const list = useId()
  const typed = useTypedText(name, value)
  const { run } = useCall()
  const [suggested, setSuggested] = useState<string[]>([])
  // biome-ignore lint/correctness/useExhaustiveDependencies: fetched once
  useEffect(() => {
    // The suggestions are optional: a text can be typed without them.
    if (suggest)
      run(
        suggest,
        ({ items }) => setSuggested(items),
        () => {},
      )
  }, [])
  return (
    <>
      <Field
        label={label}
        hint={hint}
        {...typed}
        {...(suggest && { list })}
        autoComplete="off"
        required={required}
        maxLength={maxLength}
        error={error}
      />
      {suggest && (
        <datalist id={list}>
          {suggested.map((text) => (
            <option key={text} value={text} />
          ))}
        </datalist>
      )}
    </>
  )
}
