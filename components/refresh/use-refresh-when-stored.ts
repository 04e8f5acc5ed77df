"use client"

import { useEffect, useState } from "react"
import { useUploads } from "#components/upload/use-uploads.ts"
import { useRefresh } from "./use-refresh.ts"

/** Many small files cause one refresh within this time, not one each. */
const REFRESH_DELAY_MS = 400

/** Refreshes the page's lists and usage after a file is stored. */
export function useRefreshWhenStored() {
  const refresh = useRefresh()
  const { stored } = useUploads().totals
  const [seen, setSeen] = useState(stored)
  useEffect(() => {
    if (stored === seen) return
    const timer = setTimeout(() => {
      setSeen(stored)
      if (stored > seen) refresh()
    }, REFRESH_DELAY_MS)
    return () => clearTimeout(timer)
  }, [stored, seen, refresh])
}
