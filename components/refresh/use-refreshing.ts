"use client"

import { useEffect } from "react"
import { poll } from "./poll.ts"
import { useRefresh } from "./use-refresh.ts"

type Pauses = { minMs: number; maxMs: number }

/**
 * Refreshes the page while an operation runs: often after `step` changed, then less and less often,
 * and never in a hidden tab. Null: nothing runs.
 */
export function useRefreshing(step: string | number | null, { minMs, maxMs }: Pauses) {
  const refresh = useRefresh()
  useEffect(() => {
    if (step === null) return
    const { stop } = poll({ first: () => minMs, most: maxMs }, async () => {
      refresh()
      return false
    })
    return stop
  }, [step, minMs, maxMs, refresh])
}
