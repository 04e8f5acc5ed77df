import { createContext, type ReactNode, type RefObject } from "react"
import type { ButtonElement } from "#components/ui/button.tsx"

type Controlled = { open: boolean; onOpenChange: (open: boolean) => void }

type KeptAs = {
  /**
   * Names the dialog and its subject. What its fields keep (typed-fields.ts) is there again under
   * this name when it is opened again, until it was saved.
   */
  keepAs?: string
}

export type DialogProps = Partial<Controlled> &
  KeptAs & {
    title: ReactNode
    description?: ReactNode
    children?: ReactNode
    /** Buttons at its end; `DialogClose` makes one that closes it. */
    footer?: ReactNode
    /** A button that opens it. Not needed where the caller controls `open`. */
    trigger?: ButtonElement
    /** "md" is 30rem wide, "lg" 42rem. */
    size?: "md" | "lg"
    /** What gets the focus at first, in place of the button that closes it. */
    initialFocus?: () => HTMLElement | null
    /** Where the focus goes if the element that opened it is gone. */
    finalFocus?: () => HTMLElement | null
  }

export type AlertDialogProps = Controlled &
  KeptAs & {
    title: ReactNode
    /** What will happen, and to whom. */
    description: ReactNode
    confirmLabel: ReactNode
    /** The caller closes it by `open`, so that it can show a failure. */
    onConfirm: () => void
    /** A weaker way to confirm. */
    other?: { label: ReactNode; onConfirm: () => void; pending?: boolean } | undefined
    pending?: boolean
    tone?: "danger" | "primary"
    children?: ReactNode
  }

export type DialogViewProps = Omit<DialogProps, "trigger"> &
  Controlled & {
    /** Whether a touch opened it. */
    isTouched: RefObject<boolean>
  }

/** Closes the dialog around it, as its ✕ does. */
export const CloseDialog = createContext<() => void>(() => {})
