import { createContext, type ReactNode } from "react"
import type { ButtonElement } from "#components/ui/button.tsx"

type Controlled = { open: boolean; onOpenChange: (open: boolean) => void }

type FinalFocus = {
  /** The element that is focused afterwards if the one that opened the dialog is gone. */
  finalFocus?: () => HTMLElement | null
}

type KeptAs = {
  /**
   * Names the dialog and its subject. Unsaved input in its fields (typed-fields.ts) is kept under
   * this name, and restored when the dialog opens again.
   */
  keepAs?: string
}

export type DialogProps = Partial<Controlled> &
  KeptAs &
  FinalFocus & {
    title: ReactNode
    description?: ReactNode
    children?: ReactNode
    /** The buttons in the footer; `DialogClose` makes one that closes the dialog. */
    footer?: ReactNode
    /** The button that opens the dialog. Not needed if the caller controls `open`. */
    trigger?: ButtonElement
    /** "md" is 30rem wide, "lg" 42rem, "xl" 64rem where the window is at least as wide. */
    size?: "md" | "lg" | "xl"
    /** The element that is focused first, instead of the first field. */
    initialFocus?: () => HTMLElement | null
    /**
     * Whether its fields save themselves: the browser does not ask before it unloads the page, and
     * a button in the footer closes the dialog.
     */
    savesItself?: boolean
    /** Whether the dialog stays open when the user presses outside of it. */
    staysOnPress?: boolean
  }

export type AlertDialogProps = Controlled &
  KeptAs &
  FinalFocus & {
    title: ReactNode
    /** The effect of the action, and the people whom it affects. */
    description: ReactNode
    confirmLabel: ReactNode
    /** The label of the button that closes the dialog. The default is "Cancel". */
    cancelLabel?: ReactNode
    /** Runs the action. The caller closes the dialog with `open`, so that it can show a failure. */
    onConfirm: () => void
    /** A milder alternative. */
    other?:
      | { label: ReactNode; onConfirm: () => void; pending?: boolean; tone?: "danger" | "plain" }
      | undefined
    pending?: boolean
    tone?: "danger" | "primary"
    children?: ReactNode
  }

export type DialogViewProps = Omit<DialogProps, "trigger"> & Controlled

/** Closes the surrounding dialog, like its ✕ button. */
export const CloseDialog = createContext<() => void>(() => {})
