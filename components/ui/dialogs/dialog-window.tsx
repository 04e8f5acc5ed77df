"use client"

import { Dialog as Base } from "@base-ui/react/dialog"
import type { ComponentProps, ReactNode, Ref, SyntheticEvent } from "react"
import { classNames } from "#components/ui/class-names.ts"

type DialogWindowProps = Pick<ComponentProps<typeof Base.Popup>, "initialFocus" | "finalFocus"> & {
  className: string
  children: ReactNode
  content: Ref<HTMLDivElement>
  /** Called when something is typed or selected in the dialog. */
  onInput: () => void
}

/** The window of every dialog: centred, or on a phone a sheet at the bottom. */
export function DialogWindow({
  className,
  children,
  content,
  onInput,
  ...popup
}: DialogWindowProps) {
  return (
    <Base.Portal>
      <Base.Backdrop className="fixed inset-0 z-40 min-h-dvh bg-shade transition-opacity duration-150 data-ending-style:opacity-0 data-starting-style:opacity-0" />
      <Base.Popup
        {...popup}
        onClickCapture={stopIfClosed}
        onSubmitCapture={stopIfClosed}
        className={classNames(
          "fixed inset-x-0 bottom-0 z-50 flex max-h-[92dvh] flex-col overflow-hidden rounded-t-2xl bg-raised text-ink shadow-raised inset-ring inset-ring-line outline-hidden",
          "sm:inset-x-auto sm:bottom-auto sm:top-1/2 sm:left-1/2 sm:w-[calc(100vw-3rem)] sm:-translate-x-1/2 sm:-translate-y-1/2 sm:rounded-2xl",
          "transition-[opacity,translate] duration-150 ease-out data-ending-style:opacity-0 data-starting-style:opacity-0 max-sm:data-ending-style:translate-y-6 max-sm:data-starting-style:translate-y-6",
          className,
        )}
      >
        {/* An inner element scrolls, because some browsers draw scroll bars over round corners. */}
        <div
          ref={content}
          onInput={onInput}
          className="min-h-0 overflow-y-auto overscroll-contain p-6 pb-[max(1.5rem,env(safe-area-inset-bottom))] sm:p-7"
        >
          {children}
        </div>
      </Base.Popup>
    </Base.Portal>
  )
}

/** A closing dialog stays visible for a moment. A second click must not save again. */
function stopIfClosed(event: SyntheticEvent<HTMLElement>) {
  if (!event.currentTarget.hasAttribute("data-closed")) return
  event.preventDefault()
  event.stopPropagation()
}

export function DialogTitle({ children }: { children: ReactNode }) {
  return <Base.Title className="text-xl font-semibold tracking-[-0.015em]">{children}</Base.Title>
}
