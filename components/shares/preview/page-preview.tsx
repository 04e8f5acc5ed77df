"use client"

import { ChevronDown, Eye } from "lucide-react"
import { useTranslations } from "next-intl"
import { type ReactNode, useReducer, useState, useSyncExternalStore } from "react"
import { classNames } from "#components/ui/class-names.ts"
import { FollowTyped } from "#components/ui/dialogs/follow-typed.tsx"
import { onDemand } from "#components/ui/parts/on-demand.ts"
import { useShownPart } from "#components/ui/parts/part-loading.tsx"
import type { PagePreviewViewProps } from "./page-preview-view.tsx"

/** The frame is loaded when the preview is first shown. */
const views = onDemand(() => import("./page-preview-view.tsx"))

const WIDE = "(min-width: 64rem)"

type PagePreviewProps = Omit<PagePreviewViewProps, "inputs"> & {
  /** Changes with the saved values, which the form also shows. */
  version?: string
  /** The form, or its fields. */
  children: ReactNode
}

/**
 * A form with a preview of the visitor's page under what is typed. The preview is beside the form
 * or, on a narrow screen, above it, where a press opens it.
 */
export function PagePreview({ children, version, ...props }: PagePreviewProps) {
  const t = useTranslations("member.preview")
  const isWide = useSyncExternalStore(
    followWidth,
    () => matchMedia(WIDE).matches,
    () => false,
  )
  const [isOpen, setOpen] = useState(false)
  const [inputs, countInput] = useReducer((count: number) => count + 1, 0)
  const { part, loading } = useShownPart(views, isWide || isOpen)
  const view = part ? <part.PagePreviewView {...props} inputs={`${inputs} ${version}`} /> : loading
  const title = (
    <span className="inline-flex items-center gap-2.5">
      <Eye aria-hidden size={18} strokeWidth={1.75} className="shrink-0 text-soft" />
      {t(isWide ? "title" : "show")}
    </span>
  )
  return (
    <div className="lg:grid lg:grid-cols-[minmax(0,1fr)_22.5rem] lg:gap-8">
      {!isWide && (
        <details
          className="mb-6 rounded-[10px] border border-line"
          onToggle={({ currentTarget }) => setOpen(currentTarget.open)}
        >
          <summary className="flex min-h-11 items-center justify-between gap-3 rounded-[10px] px-4 py-2.5 text-sm font-medium hover:bg-selected">
            {title}
            <ChevronDown
              aria-hidden
              size={16}
              className={classNames("shrink-0 text-soft", isOpen && "rotate-180")}
            />
          </summary>
          {isOpen && <div className="px-3 pt-1 pb-3">{view}</div>}
        </details>
      )}
      <div className="min-w-0" onInput={countInput}>
        <FollowTyped onTyped={countInput}>{children}</FollowTyped>
      </div>
      {isWide && (
        <section aria-labelledby={`${props.formId}-preview`} className="sticky top-6 self-start">
          <h2 id={`${props.formId}-preview`} className="mb-3 text-note">
            {title}
          </h2>
          {view}
        </section>
      )}
    </div>
  )
}

function followWidth(listener: () => void) {
  const query = matchMedia(WIDE)
  query.addEventListener("change", listener)
  return () => query.removeEventListener("change", listener)
}
