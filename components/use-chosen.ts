"use client"

import { useState } from "react"

/** The chosen rows of a list, by id. */
export function useChosen() {
  const [chosen, setChosen] = useState<ReadonlySet<string>>(new Set())

  function choose(ids: readonly string[], on: boolean) {
    setChosen((before) => {
      const after = new Set(before)
      for (const id of ids) on ? after.add(id) : after.delete(id)
      return after
    })
  }

  return { chosen, choose, clear: () => setChosen(new Set()) }
}
