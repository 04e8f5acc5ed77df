"use client"

import { useRouter } from "next/navigation"
import { useEffect } from "react"

const MIN_PAUSE_MS = 5_000
const MAX_PAUSE_MS = 30_000
const BACKOFF = 1.25

/**
 * Refreshes the page while files are still uploading: often after one arrived, then less and less
 * often, and never in a hidden tab.
 */
export function RefreshWhileArriving({ arriving }: { arriving: number }) {
  const router = useRouter()
  useEffect(() => {
    if (arriving === 0) return
    let pause = MIN_PAUSE_MS
    let timer: ReturnType<typeof setTimeout> | undefined
    const schedule = () => {
      clearTimeout(timer)
      if (document.hidden) return
      timer = setTimeout(() => {
        router.refresh()
        pause = Math.min(MAX_PAUSE_MS, pause * BACKOFF)
        schedule()
      }, pause)
    }
    const onVisibilityChange = () => {
      if (!document.hidden) router.refresh()
      schedule()
    }
    schedule()
    document.addEventListener("visibilitychange", onVisibilityChange)
    return () => {
      clearTimeout(timer)
      document.removeEventListener("visibilitychange", onVisibilityChange)
    }
  }, [arriving, router])
  return null
}
