"use client"

import { type ComponentProps, useState } from "react"
import { Button } from "#components/ui/button.tsx"
import { ChangeDialog, type ChangeDialogProps } from "./change-dialog.tsx"

type ConfirmedButtonProps<Result> = Omit<ChangeDialogProps<Result>, "open" | "onClose"> & {
  button: Omit<ComponentProps<typeof Button>, "onClick">
}

/** A button that asks for confirmation in a dialog before it changes something. */
export function ConfirmedButton<Result>({ button, ...dialog }: ConfirmedButtonProps<Result>) {
  const [asks, setAsks] = useState(false)
  return (
    <>
      <Button {...button} onClick={() => setAsks(true)} />
      <ChangeDialog {...dialog} open={asks} onClose={() => setAsks(false)} />
    </>
  )
}
