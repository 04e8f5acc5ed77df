"use client"

import { useTranslations } from "next-intl"
import { type ReactNode, useState, useSyncExternalStore } from "react"
import { onDemand } from "#components/ui/parts/on-demand.ts"
import { useShownPart } from "#components/ui/parts/part-loading.tsx"

/** The frame is loaded when the preview is first shown. */
const views = onDemand(() => import("./page-preview-view.tsx"))

const WIDE = "(min-width: 64rem)"

type PagePreviewProps = {
  shareId: string
  formId: string
  /** Changes with each input in the form. */
  inputs: number
  /** The form. */
  children: ReactNode
}

/**
 * A form for a share's conditions with a preview of the visitor's page. The preview is beside the
 * form or, on a narrow screen, below it, where a press opens it.
 */
export function PagePreview({ children, ...props }: PagePreviewProps) {
  const t = useTranslations("member.preview")
  const isWide = useSyncExternalStore(followWidth, () => matchMedia(WIDE).matches)
  const [isOpen, setOpen] = useState(false)
  const { part, loading } = useShownPart(views, isWide || isOpen)
  const view = part ? <part.PagePreviewView {...props} /> : loading
  return (
    <div className="lg:grid lg:grid-cols-[minmax(0,1fr)_22.5rem] lg:gap-8">
      <div className="min-w-0">{children}</div>
      {isWide ? (
        <section aria-labelledby={`${props.formId}-preview`} className="sticky top-0 self-start">
          <h3 id={`${props.formId}-preview`} className="mb-4 border-t border-line pt-5 text-note">
            {t("title")}
          </h3>
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
