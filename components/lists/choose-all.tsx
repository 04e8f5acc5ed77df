"use client"

import { useTranslations } from "next-intl"
import { useState } from "react"
import { useToastedCall } from "#components/calls/use-call.ts"
import { Checkbox } from "#components/ui/forms/checkbox.tsx"
import type { Selection } from "./use-selection.ts"

type ChooseAllProps = {
  /** The ids of the rows on this page. */
  ids: string[]
  selection: Selection
  /** Fetches the ids of all pages; undefined: only rows of this page can be selected. */
  findAll: (() => Promise<{ ids: string[] }>) | undefined
  /** Whether there are further pages. */
  hasMore: boolean
  labelClass: string | undefined
}

/** Selects every row of a list, and shows the number of selected rows. */
export function ChooseAll(props: ChooseAllProps) {
  const { ids, selection, findAll, hasMore, labelClass } = props
  const { selected, select, clear } = selection
  const t = useTranslations("member.lists")
  const { run, pending } = useToastedCall()
  // The number of rows on all pages, once they were fetched.
  const [found, setFound] = useState<number | null>(null)
  const all = findAll && hasMore ? found : ids.length
  const isAll = selected.size > 0 && selected.size === all

  function choose(on: boolean) {
    if (!on) return clear()
    if (!findAll || !hasMore) return select(ids, true)
    run(findAll, (every) => {
      setFound(every.ids.length)
      select(every.ids, true)
    })
  }

  return (
    <Checkbox
      label={
        <span aria-live="polite" className={labelClass}>
          {isAll
            ? t("allChosen", { count: selected.size })
            : selected.size > 0
              ? t("chosen", { count: selected.size })
              : t(findAll ? "chooseAll" : "chooseAllHere")}
        </span>
      }
      disabled={(ids.length === 0 && !hasMore) || pending}
      aria-busy={pending || undefined}
      checked={isAll}
      ref={(box) => {
        if (box) box.indeterminate = selected.size > 0 && !isAll
      }}
      onChange={({ currentTarget }) => choose(currentTarget.checked)}
    />
  )
}
