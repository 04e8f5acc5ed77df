"use client"

import { AlertDialog as Base } from "@base-ui/react/alert-dialog"
import { useTranslations } from "next-intl"
import type { ReactElement, ReactNode } from "react"
import { Button } from "./button.tsx"
import { DialogTitle, DialogWindow } from "./dialog-window.tsx"
import { useKeepTyped } from "./keep-typed.tsx"

type AlertDialogProps = {
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
  trigger?: ReactElement
  open?: boolean
  onOpenChange?: (open: boolean) => void
  children?: ReactNode
}

/** Asks for confirmation of an action that is hard to undo. */
export function AlertDialog({
  title,
  description,
  confirmLabel,
  onConfirm,
  other,
  pending = false,
  tone = "danger",
  trigger,
  open,
  onOpenChange,
  children,
}: AlertDialogProps) {
  const t = useTranslations("common")
  const kept = useKeepTyped({ open, onOpenChange, pending: pending || other?.pending })
  return (
    <Base.Root open={kept.open} onOpenChange={kept.onOpenChange}>
      {trigger && <Base.Trigger render={trigger} />}
      <DialogWindow
        content={kept.content}
        watch={kept.watch}
        className={other ? "sm:max-w-128" : "sm:max-w-110"}
      >
        <DialogTitle>{title}</DialogTitle>
        <Base.Description className="mt-2 text-soft">{description}</Base.Description>
        {kept.wrap(children && <div className="mt-4">{children}</div>)}
        <div className="mt-7 flex flex-wrap justify-end gap-3 max-sm:flex-col-reverse">
          <Base.Close render={<Button variant="quiet">{t("cancel")}</Button>} />
          {other && (
            <Button
              variant="quiet"
              className="text-danger!"
              pending={other.pending}
              disabled={pending}
              onClick={other.onConfirm}
            >
              {other.label}
            </Button>
          )}
          <Button variant={tone} pending={pending} disabled={other?.pending} onClick={onConfirm}>
            {confirmLabel}
          </Button>
        </div>
      </DialogWindow>
    </Base.Root>
  )
}
