"use client"

import { useDialogViews } from "./dialog-parts.tsx"
import type { AlertDialogProps } from "./dialog-props.ts"

/** Asks for confirmation of an action that is hard to undo. */
export function AlertDialog(props: AlertDialogProps) {
  const { views, loading } = useDialogViews(props.open, () => props.onOpenChange(false))
  return views ? <views.AlertDialogView {...props} /> : loading
}
