"use client"

import { useRouter } from "next/navigation"
import { useEffect } from "react"

const SOON_MS = 5_000
const LATE_MS = 30_000
const SLOWING = 1.25

/** Reads the page again while files are on their way: soon after one came, then less and less often, and never in a hidden tab. */
export function RefreshWhileArriving({ arriving }: { arriving: number }) {
  const router = useRouter()
  useEffect(() => {
    if (arriving === 0) return
    let pause = SOON_MS
    let timer: ReturnType<typeof setTimeout> | undefined
    const wait = () => {
      clearTimeout(timer)
      if (document.hidden) return
      timer = setTimeout(() => {
        router.refresh()
        pause = Math.min(LATE_MS, pause * SLOWING)
        wait()
      }, pause)
    }
    const seen = () => {
      if (!document.hidden) router.refresh()
      wait()
    }
    wait()
    document.addEventListener("visibilitychange", seen)
    return () => {
      clearTimeout(timer)
      document.removeEventListener("visibilitychange", seen)
    }
  }, [arriving, router])
  return null
}
