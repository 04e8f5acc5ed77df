"use client"

import { useEffect, useState } from "react"
import { useRefresh } from "#components/refresh/use-refresh.ts"
import { useStore } from "#components/store.ts"
import { NO_UPLOADS, type UploadsSnapshot } from "#packages/uploader/uploads-snapshot.ts"
import { tabUploader } from "./tab-uploader.ts"

/** Many small files cause one refresh within this time, not one each. */
const REFRESH_DELAY_MS = 400

/** The current uploads of this tab. */
export const useUploads = (): UploadsSnapshot => useStore(uploads, NO_UPLOADS)

const uploads = {
  subscribe: (listener: () => void) => tabUploader().subscribe(listener),
  current: () => tabUploader().snapshot(),
}

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
