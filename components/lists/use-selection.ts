"use client"

import { useState } from "react"

export type Selection = ReturnType<typeof useSelection>

/** The selected rows of a list, by id. */
export function useSelection() {
  const [selected, setSelected] = useState<ReadonlySet<string>>(new Set())

  function select(ids: readonly string[], on: boolean) {
    setSelected((before) => {
      const after = new Set(before)
      for (const id of ids) on ? after.add(id) : after.delete(id)
      return after
    })
  }

  return { selected, select, clear: () => setSelected(new Set()) }
}
