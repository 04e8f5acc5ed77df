"use client"

import { useTranslations } from "next-intl"
import { type ReactNode, useReducer, useState, useSyncExternalStore } from "react"
import { FollowTyped } from "#components/ui/dialogs/follow-typed.tsx"
import { onDemand } from "#components/ui/parts/on-demand.ts"
import { useShownPart } from "#components/ui/parts/part-loading.tsx"
import type { PagePreviewViewProps } from "./page-preview-view.tsx"

/** The frame is loaded when the preview is first shown. */
const views = onDemand(() => import("./page-preview-view.tsx"))

const WIDE = "(min-width: 64rem)"

type PagePreviewProps = Omit<PagePreviewViewProps, "inputs"> & {
  /** The form, or its fields. */
  children: ReactNode
}

/**
 * A form with a preview of the visitor's page as typed. The preview is beside the form or, on a
 * narrow screen, below it, where a press opens it.
 */
export function PagePreview({ children, ...props }: PagePreviewProps) {
  const t = useTranslations("member.preview")
  const isWide = useSyncExternalStore(
    followWidth,
    () => matchMedia(WIDE).matches,
    () => false,
  )
  const [isOpen, setOpen] = useState(false)
  const [inputs, countInput] = useReducer((count: number) => count + 1, 0)
  const { part, loading } = useShownPart(views, isWide || isOpen)
  const view = part ? <part.PagePreviewView {...props} inputs={inputs} /> : loading
  return (
    <div className="lg:grid lg:grid-cols-[minmax(0,1fr)_22.5rem] lg:gap-8">
      <div className="min-w-0" onInput={countInput}>
        <FollowTyped onTyped={countInput}>{children}</FollowTyped>
      </div>
      {isWide ? (
        <section aria-labelledby={`${props.formId}-preview`} className="sticky top-0 self-start">
          <h2 id={`${props.formId}-preview`} className="mb-4 border-t border-line pt-5 text-note">
            {t("title")}
          </h2>
          {view}
        </section>
      ) : (
        <details
          className="mt-5 border-t border-line"
          onToggle={({ currentTarget }) => setOpen(currentTarget.open)}
        >
          <summary className="min-h-11 cursor-pointer rounded-md py-3 text-sm font-medium text-soft hover:text-ink">
            {t("show")}
          </summary>
          {isOpen && view}
        </details>
      )}
    </div>
  )
}

function followWidth(listener: () => void) {
  const query = matchMedia(WIDE)
  query.addEventListener("change", listener)
  return () => query.removeEventListener("change", listener)
}
