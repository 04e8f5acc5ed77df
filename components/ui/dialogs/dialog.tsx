"use client"

import { useTranslations } from "next-intl"
import { type ComponentProps, cloneElement, useContext, useState } from "react"
import { Button } from "#components/ui/button.tsx"
import { preloadDialogs, useDialogViews } from "./dialog-parts.tsx"
import { CloseDialog, type DialogProps } from "./dialog-props.ts"

/** A dialog. Unsaved input is kept (keep-typed.tsx). */
export function Dialog({ trigger, open: given, onOpenChange, ...rest }: DialogProps) {
  const [own, setOwn] = useState(false)
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
          onClick: ({ currentTarget }) => {
            // Safari does not focus a pressed button, so the dialog could not return the focus.
            currentTarget.focus()
            change(true)
          },
        })}
      {views ? <views.DialogView {...rest} open={open} onOpenChange={change} /> : loading}
    </>
  )
}

type DialogCloseProps = Pick<ComponentProps<typeof Button>, "variant" | "children">

/** A button in a dialog's footer that closes the dialog. The default label is "Cancel". */
export function DialogClose({ variant = "quiet", children }: DialogCloseProps) {
  const t = useTranslations("common")
  return (
    <Button variant={variant} onClick={useContext(CloseDialog)}>
      {children ?? t("cancel")}
    </Button>
  )
}
