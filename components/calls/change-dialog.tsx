"use client"

import type { ReactNode } from "react"
import { AlertDialog } from "#components/ui/dialogs/alert-dialog.tsx"
import type { AlertDialogProps } from "#components/ui/dialogs/dialog-props.ts"
import { ActionError } from "#components/ui/forms/action-error.tsx"
import { useChange } from "./use-call.ts"

export type ChangeDialogProps<Result> = Pick<
  AlertDialogProps,
  "open" | "title" | "description" | "confirmLabel" | "tone" | "keepAs"
> & {
  onClose: () => void
  /** The API call of the confirmed change. The dialog closes when it is done. */
  call: () => Promise<Result>
  onDone?: (result: Result) => void
  /** A milder alternative. */
  other?: { label: ReactNode; call: () => Promise<Result> }
  /** The content; as a function it shows the refusals of `fields` itself. */
  children?: ReactNode | ((errorOf: (field: string) => string | undefined) => ReactNode)
  fields?: readonly string[]
}

/** Asks for confirmation of a change through the API, runs it, and shows a refusal. */
export function ChangeDialog<Result>(props: ChangeDialogProps<Result>) {
  const { onClose, call, onDone, other, children, fields = [], ...dialog } = props
  const main = useChange()
  const weaker = useChange()
  const refused = main.refused ?? weaker.refused
  const errorOf = (field: string) => main.errorOf(field) ?? weaker.errorOf(field)
  const content = typeof children === "function" ? children(errorOf) : children

  function close() {
    main.reset()
    weaker.reset()
    onClose()
  }
  function done(result: Result) {
    close()
    onDone?.(result)
  }

  return (
    <AlertDialog
      {...dialog}
      onOpenChange={(open) => !open && close()}
      onConfirm={() => main.run(call, done)}
      pending={main.pending}
      other={
        other && {
          label: other.label,
          onConfirm: () => weaker.run(other.call, done),
          pending: weaker.pending,
        }
      }
    >
      {content}
      {refused && !fields.includes(refused.field ?? "") && (
        <ActionError className="not-first:mt-3">{refused.message}</ActionError>
      )}
    </AlertDialog>
  )
}
