import { createContext, type ReactNode } from "react"
import type { ButtonElement } from "#components/ui/button.tsx"

type Controlled = { open: boolean; onOpenChange: (open: boolean) => void }

type KeptAs = {
  /**
   * Names the dialog and its subject. What is typed into its fields (typed-fields.ts) is restored
   * under this name when the dialog opens again, until it is saved.
   */
  keepAs?: string
}

export type DialogProps = Partial<Controlled> &
  KeptAs & {
    title: ReactNode
    description?: ReactNode
    children?: ReactNode
    /** The buttons in the footer; `DialogClose` makes one that closes the dialog. */
    footer?: ReactNode
    /** The button that opens the dialog. Not needed where the caller controls `open`. */
    trigger?: ButtonElement
    /** "md" is 30rem wide, "lg" 42rem, "xl" 64rem where the window is at least as wide. */
    size?: "md" | "lg" | "xl"
    /** The element that gets the focus at first, instead of the first field. */
    initialFocus?: () => HTMLElement | null
    /** Whether the dialog stays when somebody presses outside of it. */
    staysOnPress?: boolean
    /** The element that gets the focus if the one that opened the dialog is gone. */
    finalFocus?: () => HTMLElement | null
  }

export type AlertDialogProps = Controlled &
  KeptAs & {
    title: ReactNode
    /** The effect of the action, and whom it concerns. */
    description: ReactNode
    confirmLabel: ReactNode
    /** The label of the button that closes the dialog; by default "Cancel". */
    cancelLabel?: ReactNode
    /** Runs the action. The caller closes the dialog by `open`, so that it can show a failure. */
    onConfirm: () => void
    /** A second, weaker action. */
    other?: { label: ReactNode; onConfirm: () => void; pending?: boolean } | undefined
    pending?: boolean
    tone?: "danger" | "primary"
    children?: ReactNode
  }

export type DialogViewProps = Omit<DialogProps, "trigger"> & Controlled

/** Closes the surrounding dialog, like its ✕. */
export const CloseDialog = createContext<() => void>(() => {})
