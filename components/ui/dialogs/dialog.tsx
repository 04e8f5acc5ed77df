"use client"

import { cloneElement, useContext, useRef, useState } from "react"
import type { ButtonElement } from "#components/ui/button.tsx"
import { preloadDialogs, useDialogViews } from "./dialog-parts.tsx"
import { CloseDialog, type DialogProps } from "./dialog-props.ts"

/** A dialog; what is typed in it is kept until it is saved (keep-typed.tsx). */
export function Dialog({ trigger, open: given, onOpenChange, ...rest }: DialogProps) {
  const [own, setOwn] = useState(false)
  const isTouched = useRef(false)
  const open = given ?? own
  const { views, loading } = useDialogViews(open, () => change(false))

  function change(next: boolean) {
    setOwn(next)
    onOpenChange?.(next)
  }

  return (
    <>
      {trigger &&
        cloneElement(trigger, {
          "aria-haspopup": "dialog",
          "aria-expanded": open,
          onPointerEnter: preloadDialogs,
          onFocus: preloadDialogs,
          onPointerDown: ({ pointerType }) => {
            isTouched.current = pointerType === "touch"
          },
          onKeyDown: () => {
            isTouched.current = false
          },
          onClick: ({ currentTarget }) => {
            // Safari does not focus a pressed button, so the dialog could not return the focus.
            currentTarget.focus()
            change(true)
          },
        })}
      {views ? (
        <views.DialogView {...rest} open={open} onOpenChange={change} isTouched={isTouched} />
      ) : (
        loading
      )}
    </>
  )
}

/**
 * A button in a dialog's footer that closes the dialog: `<DialogClose render={<Button
 * variant="quiet">Cancel</Button>} />`.
 */
export function DialogClose({ render }: { render: ButtonElement }) {
  return cloneElement(render, { onClick: useContext(CloseDialog) })
}
