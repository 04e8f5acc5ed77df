"use client"

import { useEffect } from "react"
import { useRefresh } from "./upload/use-refresh.ts"

const BACKOFF = 1.25

type Pauses = { minMs: number; maxMs: number }

/**
 * Refreshes the page while something is under way: often after `step` changed, then less and less
 * often, and never in a hidden tab. Null: nothing is under way.
 */
export function useRefreshing(step: string | number | null, { minMs, maxMs }: Pauses) {
  const refresh = useRefresh()
  useEffect(() => {
    if (step === null) return
    let pause = minMs
    let timer: ReturnType<typeof setTimeout> | undefined
    const schedule = () => {
      clearTimeout(timer)
      if (document.hidden) return
      timer = setTimeout(() => {
        refresh()
        pause = Math.min(maxMs, pause * BACKOFF)
        schedule()
      }, pause)
    }
    const onVisibilityChange = () => {
      if (!document.hidden) refresh()
      schedule()
    }
    schedule()
    document.addEventListener("visibilitychange", onVisibilityChange)
    return () => {
      clearTimeout(timer)
      document.removeEventListener("visibilitychange", onVisibilityChange)
    }
  }, [step, minMs, maxMs, refresh])
}
