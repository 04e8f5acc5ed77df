"use client"

import { Toast as Base } from "@base-ui/react/toast"
import { X } from "lucide-react"
import { useTranslations } from "next-intl"
import { useEffect } from "react"
import { buttonClass } from "#components/ui/button-class.ts"
import { classNames } from "#components/ui/class-names.ts"
import type { ToastInput } from "./toast-input.ts"

const manager = Base.createToastManager()

function add({ title, description, tone = "plain", action, timeout }: ToastInput) {
  const id = manager.add({
    title,
    type: tone,
    priority: tone === "danger" ? "high" : "low",
    ...(description !== undefined && { description }),
    ...(timeout !== undefined && { timeout }),
    ...(action && {
      actionProps: {
        children: action.label,
        onClick() {
          manager.close(id)
          action.onClick()
        },
      },
    }),
  })
}

type ToastViewProps = {
  /** The requested toasts that are not shown yet. */
  waiting: readonly ToastInput[]
  onShown: (toasts: readonly ToastInput[]) => void
}

export function ToastView({ waiting, onShown }: ToastViewProps) {
  useEffect(() => {
    if (waiting.length === 0) return
    for (const toast of waiting) add(toast)
    onShown(waiting)
  }, [waiting, onShown])
  return (
    <Base.Provider toastManager={manager}>
      <Base.Portal>
        <Base.Viewport className="fixed end-4 bottom-22 start-4 z-60 flex flex-col-reverse gap-2 outline-hidden sm:start-auto sm:w-88 md:end-6 md:bottom-6 print:hidden">
          <Toasts />
        </Base.Viewport>
      </Base.Portal>
    </Base.Provider>
  )
}

const EDGES: Record<string, string> = { ok: "bg-ok", danger: "bg-danger" }

function Toasts() {
  const t = useTranslations("common")
  const { toasts } = Base.useToastManager()
  return toasts.map((toast) => (
    <Base.Root
      key={toast.id}
      toast={toast}
      className="relative overflow-hidden rounded-xl bg-raised shadow-raised inset-ring inset-ring-line transition-[opacity,translate] duration-200 ease-out data-ending-style:opacity-0 data-limited:hidden data-starting-style:translate-y-3 data-starting-style:opacity-0"
    >
      <Base.Content className="flex items-center gap-3 py-3 pe-2 ps-5">
        <span
          aria-hidden
          className={classNames(
            "absolute inset-y-0 start-0 w-1",
            EDGES[toast.type ?? ""] ?? "bg-accent",
          )}
        />
        <div className="min-w-0 grow">
          <Base.Title className="text-sm font-semibold" />
          <Base.Description className="text-sm text-soft" />
        </div>
        {toast.actionProps && (
          <Base.Action className={buttonClass({ variant: "text", size: "sm" })} />
        )}
        <Base.Close
          aria-label={t("dismiss")}
          className="grid size-9 shrink-0 place-items-center rounded-lg text-soft hover:bg-selected hover:text-ink"
        >
          <X aria-hidden size={16} />
        </Base.Close>
      </Base.Content>
    </Base.Root>
  ))
}
