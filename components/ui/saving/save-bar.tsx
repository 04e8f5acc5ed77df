"use client"

import { X } from "lucide-react"
import { useTranslations } from "next-intl"
import { type ReactNode, useEffect, useRef } from "react"
import { Button } from "#components/ui/button.tsx"

type SaveBarProps = {
  /** The form that the bar saves. */
  formId: string
  /** The number of unsaved changes. */
  count: number
  pending: boolean
  /** Why the last save was refused. */
  problem: ReactNode
  /** The names of the saved settings; null once dismissed or after another change. */
  saved: ReactNode
  onDiscard: () => void
  onDismiss: () => void
}

/** The bar at the bottom of a page of settings, shown while there is something to save or to say. */
export function SaveBar({
  formId,
  count,
  pending,
  problem,
  saved,
  onDiscard,
  onDismiss,
}: SaveBarProps) {
  const t = useTranslations("common.saving")
  const bar = useRef<HTMLElement>(null)
  const isSaved = count === 0 && Boolean(saved)
  useEffect(() => {
    // The saved field was rendered anew, or the pressed button is gone.
    if (isSaved && document.activeElement === document.body) bar.current?.focus()
  }, [isSaved])
  return (
    <section
      ref={bar}
      aria-label={t("label")}
      tabIndex={-1}
      className="sticky bottom-22 z-40 mt-9 max-w-3xl outline-hidden has-[[data-idle]]:sr-only md:bottom-6 print:hidden"
    >
      <div
        data-idle={count === 0 && !isSaved ? "" : undefined}
        className="flex flex-wrap items-center justify-end gap-x-4 gap-y-2 rounded-xl bg-raised py-3 pe-3 ps-5 shadow-raised inset-ring inset-ring-line forced-colors:border"
      >
        <div className="min-w-0 grow basis-56">
          <div role="status" className="text-[0.9375rem]">
            {count > 0 ? <p>{t("unsaved", { count })}</p> : saved}
          </div>
          {count > 0 && problem && (
            <p role="alert" className="text-sm text-danger">
              {problem}
            </p>
          )}
        </div>
        {count > 0 && (
          <div className="flex gap-2">
            <Button variant="quiet" disabled={pending} onClick={onDiscard}>
              {t("discard")}
            </Button>
            <Button type="submit" form={formId} pending={pending}>
              {t("save")}
            </Button>
          </div>
        )}
        {isSaved && (
          <button
            type="button"
            aria-label={t("dismiss")}
            onClick={onDismiss}
            className="grid size-10 place-items-center rounded-lg text-soft hover:bg-wash hover:text-ink"
          >
            <X aria-hidden size={18} />
          </button>
        )}
      </div>
    </section>
  )
}
