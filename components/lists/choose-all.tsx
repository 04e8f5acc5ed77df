"use client"

import { useTranslations } from "next-intl"
import { useState } from "react"
import { useCall } from "#components/calls/use-call.ts"
import { Checkbox } from "#components/ui/forms/checkbox.tsx"
import { useToast } from "#components/ui/overlays/toast.tsx"
import type { Selection } from "./use-selection.ts"

type ChooseAllProps = {
  /** The rows of this page. */
  ids: string[]
  selection: Selection
  /** Finds the rows of all pages; undefined: only those of this page can be chosen. */
  findAll: (() => Promise<{ ids: string[] }>) | undefined
  /** Whether the list goes on on other pages. */
  hasMore: boolean
}

/** Chooses every row of a list, and says how many are chosen. */
export function ChooseAll(props: ChooseAllProps) {
  const { ids, selection, findAll, hasMore } = props
  const { selected, select, clear } = selection
  const t = useTranslations("member.lists")
  const toast = useToast()
  const { run, pending } = useCall()
  // How many all are, once they were found.
  const [found, setFound] = useState<number | null>(null)
  const all = findAll && hasMore ? found : ids.length
  const isAll = selected.size > 0 && selected.size === all

  function choose(on: boolean) {
    if (!on) return clear()
    if (!findAll || !hasMore) return select(ids, true)
    run(
      findAll,
      (every) => {
        setFound(every.ids.length)
        select(every.ids, true)
      },
      ({ message }) => toast({ title: message, tone: "danger" }),
    )
  }

  return (
    <Checkbox
      label={
        <span aria-live="polite">
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
