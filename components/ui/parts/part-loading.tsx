"use client"

import { LoaderCircle } from "lucide-react"
import { useTranslations } from "next-intl"
import type { ReactNode } from "react"
import { createPortal } from "react-dom"
import { Button } from "#components/ui/button.tsx"
import { type OnDemand, useOnDemand } from "./on-demand.ts"

/**
 * Returns the part, which starts to load once it is wanted, and the element to show until it is
 * loaded: nothing at first, then a loading message, or an error if it could not be loaded.
 * `onGiveUp` is called when the reader cancels.
 */
export function useShownPart<Part>(
  demand: OnDemand<Part>,
  wanted: boolean,
  onGiveUp?: () => void,
): { part: Part | null; loading: ReactNode } {
  const { part, failed } = useOnDemand(demand, wanted)
  const loading = wanted && !part && (
    <PartLoading failed={failed} onRetry={demand.load} onGiveUp={onGiveUp} />
  )
  return { part, loading }
}

type PartLoadingProps = {
  failed: boolean
  onRetry: () => void
  onGiveUp: (() => void) | undefined
}

function PartLoading({ failed, onRetry, onGiveUp }: PartLoadingProps) {
  const t = useTranslations("common.part")
  // Rows have CSS containment, so this is rendered outside of them, in the main landmark.
  const place = document.querySelector("main") ?? document.body
  return createPortal(
    <div className="pointer-events-none fixed inset-x-4 bottom-22 z-60 flex justify-center md:bottom-6">
      {failed ? (
        <div
          role="alert"
          className="pointer-events-auto flex flex-wrap items-center gap-x-4 gap-y-2 rounded-xl bg-raised py-3 pe-3 ps-5 text-sm shadow-raised inset-ring inset-ring-line"
        >
          <p className="max-w-[44ch]">{t("failed")}</p>
          <Button variant="quiet" size="sm" onClick={onRetry}>
            {t("again")}
          </Button>
          {onGiveUp && (
            <Button variant="text" size="sm" onClick={onGiveUp}>
              {t("close")}
            </Button>
          )}
        </div>
      ) : (
        <p
          role="status"
          className="flex appear-later items-center gap-2.5 rounded-full bg-raised px-4 py-2 text-sm shadow-raised inset-ring inset-ring-line"
        >
          <LoaderCircle aria-hidden size={16} className="animate-spin" />
          {t("loading")}
        </p>
      )}
    </div>,
    place,
  )
}
