"use client"

import { AlertDialog as AlertBase } from "@base-ui/react/alert-dialog"
import { Dialog as Base } from "@base-ui/react/dialog"
import { X } from "lucide-react"
import { useTranslations } from "next-intl"
import { Button } from "#components/ui/button.tsx"
import { type AlertDialogProps, CloseDialog, type DialogViewProps } from "./dialog-props.ts"
import { DialogTitle, DialogWindow } from "./dialog-window.tsx"
import { useKeepTyped } from "./keep-typed.tsx"

/** The controls whose first one gets the focus in a dialog. */
const FIELDS = "input:not([type=hidden], [hidden], :disabled), textarea, select, [role=slider]"

const SIZES = { md: "sm:max-w-120", lg: "sm:max-w-168", xl: "sm:max-w-168 lg:max-w-256" }

export function DialogView({
  title,
  description,
  children,
  footer,
  size = "md",
  initialFocus,
  finalFocus,
  staysOnPress = false,
  savesItself = false,
  open,
  onOpenChange,
  keepAs,
}: DialogViewProps) {
  const t = useTranslations("common")
  const kept = useKeepTyped({ keepAs, open, onOpenChange, pending: savesItself })

  function firstFocus() {
    const content = kept.content.current
    // On a touch screen, focusing a field would cover the dialog with the keyboard.
    if (matchMedia("(pointer: coarse)").matches) return content?.parentElement ?? true
    return initialFocus?.() ?? content?.querySelector<HTMLElement>(FIELDS) ?? true
  }

  return (
    <Base.Root open={open} onOpenChange={kept.onOpenChange} disablePointerDismissal={staysOnPress}>
      <DialogWindow
        {...(finalFocus && { finalFocus })}
        initialFocus={firstFocus}
        content={kept.content}
        onInput={kept.onInput}
        className={SIZES[size]}
      >
        <div className="mb-5 flex items-start gap-4">
          <div className="min-w-0 grow">
            <DialogTitle>{title}</DialogTitle>
            {description && (
              <Base.Description className="mt-1.5 text-soft">{description}</Base.Description>
            )}
          </div>
          {!savesItself && (
            <Base.Close
              aria-label={t("close")}
              className="-mt-1 -me-2 grid size-10 shrink-0 place-items-center rounded-lg text-soft hover:bg-selected hover:text-ink"
            >
              <X aria-hidden size={20} />
            </Base.Close>
          )}
        </div>
        {kept.wrap(children)}
        {footer && (
          <div className="sticky -bottom-6 -mx-6 mt-7 -mb-6 flex flex-wrap justify-end gap-3 border-t border-line bg-raised px-6 pt-4 pb-[max(1.25rem,env(safe-area-inset-bottom))] sm:-bottom-7 sm:-mx-7 sm:-mb-7 sm:px-7 max-sm:flex-nowrap max-sm:*:grow">
            <CloseDialog value={kept.close}>{footer}</CloseDialog>
          </div>
        )}
      </DialogWindow>
    </Base.Root>
  )
}

export function AlertDialogView({
  title,
  description,
  confirmLabel,
  cancelLabel,
  onConfirm,
  other,
  pending = false,
  tone = "danger",
  finalFocus,
  open,
  onOpenChange,
  keepAs,
  children,
}: AlertDialogProps) {
  const t = useTranslations("common")
  const kept = useKeepTyped({ keepAs, open, onOpenChange, pending: pending || other?.pending })
  return (
    <AlertBase.Root open={open} onOpenChange={kept.onOpenChange}>
      <DialogWindow
        {...(finalFocus && { finalFocus })}
        content={kept.content}
        onInput={kept.onInput}
        className={other ? "sm:max-w-140" : "sm:max-w-110"}
      >
        <DialogTitle>{title}</DialogTitle>
        <AlertBase.Description className="mt-2 text-soft">{description}</AlertBase.Description>
        {kept.wrap(children && <div className="mt-4">{children}</div>)}
        <div className="mt-7 flex flex-wrap justify-end gap-3 max-sm:flex-col-reverse">
          <AlertBase.Close render={<Button variant="quiet">{cancelLabel ?? t("cancel")}</Button>} />
          {other && (
            <Button
              variant="quiet"
              {...(other.tone !== "plain" && { className: "text-danger!" })}
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
    </AlertBase.Root>
  )
}
