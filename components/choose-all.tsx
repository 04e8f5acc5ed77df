"use client"

import { useTranslations } from "next-intl"
import { useState } from "react"
import { Checkbox } from "./ui/checkbox.tsx"
import { useToast } from "./ui/toast.tsx"
import { useCall } from "./use-call.ts"

type ChooseAllProps = {
  /** The rows of this page. */
  ids: string[]
  selected: ReadonlySet<string>
  onSelect: (ids: string[], on: boolean) => void
  onClear: () => void
  /** Whether the list goes on on other pages. */
  hasMore: boolean
  /** Finds the ids of all rows of the list. */
  findAll: () => Promise<{ ids: string[] }>
}

/** Chooses every row of a list, those of its other pages too, and says how many are chosen. */
export function ChooseAll(props: ChooseAllProps) {
  const { ids, selected, onSelect, onClear, hasMore, findAll } = props
  const t = useTranslations("member.lists")
  const toast = useToast()
  const { run, pending } = useCall()
  // How many all are, once they were found.
  const [found, setFound] = useState<number | null>(null)
  const all = hasMore ? found : ids.length
  const isAll = selected.size > 0 && selected.size === all

  function choose(on: boolean) {
    if (!on) return onClear()
    if (!hasMore) return onSelect(ids, true)
    run(
      findAll,
      (every) => {
        setFound(every.ids.length)
        onSelect(every.ids, true)
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
              : t("chooseAll")}
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
