"use client"

import { Dialog as Base } from "@base-ui/react/dialog"
import { X } from "lucide-react"
import { useTranslations } from "next-intl"
import type { ReactElement, ReactNode } from "react"
import { DialogTitle, DialogWindow } from "./dialog-window.tsx"
import { useKeepTyped } from "./keep-typed.tsx"

type DialogProps = {
  title: ReactNode
  description?: ReactNode
  children?: ReactNode
  /** Buttons at its end; `DialogClose` makes one that closes it. */
  footer?: ReactNode
  /** An element that opens it, such as a Button. Not needed where the caller controls `open`. */
  trigger?: ReactElement
  open?: boolean
  onOpenChange?: (open: boolean) => void
  /** "md" is 30rem wide, "lg" 42rem. */
  size?: "md" | "lg"
  /** What gets the focus at first, in place of the button that closes it. */
  initialFocus?: () => HTMLElement | null
  /** Where the focus goes if the element that opened it is gone. */
  finalFocus?: () => HTMLElement | null
}

/** A dialog never loses what was typed in it without a question (keep-typed.tsx). */
export function Dialog({
  title,
  description,
  children,
  footer,
  trigger,
  size = "md",
  initialFocus,
  finalFocus,
  open,
  onOpenChange,
}: DialogProps) {
  const t = useTranslations("common")
  const kept = useKeepTyped({ open, onOpenChange })
  return (
    <Base.Root open={kept.open} onOpenChange={kept.onOpenChange}>
      {trigger && <Base.Trigger render={trigger} />}
      <DialogWindow
        {...(finalFocus && { finalFocus })}
        // A touch would open the keyboard over the dialog.
        {...(initialFocus && {
          initialFocus: (how: string) => how === "touch" || (initialFocus() ?? true),
        })}
        content={kept.content}
        watch={kept.watch}
        className={size === "md" ? "sm:max-w-120" : "sm:max-w-168"}
      >
        <div className="mb-5 flex items-start gap-4">
          <div className="min-w-0 grow">
            <DialogTitle>{title}</DialogTitle>
            {description && (
              <Base.Description className="mt-1.5 text-soft">{description}</Base.Description>
            )}
          </div>
          <Base.Close
            aria-label={t("close")}
            className="-mt-1 -mr-2 grid size-10 shrink-0 place-items-center rounded-lg text-soft hover:bg-wash hover:text-ink"
          >
            <X aria-hidden size={20} />
          </Base.Close>
        </div>
        {kept.wrap(children)}
        {footer && (
          <div className="sticky -bottom-6 -mx-6 mt-7 -mb-6 flex flex-wrap justify-end gap-3 border-t border-line bg-raised px-6 pt-4 pb-[max(1.25rem,env(safe-area-inset-bottom))] sm:-bottom-7 sm:-mx-7 sm:-mb-7 sm:px-7 max-sm:flex-nowrap max-sm:*:grow">
            {footer}
          </div>
        )}
      </DialogWindow>
    </Base.Root>
  )
}

/**
 * Closes the dialog it is in: `<DialogClose render={<Button variant="quiet">Cancel</Button>} />`.
 */
export const DialogClose = Base.Close
