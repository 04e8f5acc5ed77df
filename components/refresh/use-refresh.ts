"use client"

import { useRouter } from "next/navigation"
import { useCallback } from "react"
import { askSession, isAppUpdated, reportSessionEnded } from "#components/calls/session-ended.ts"
import { hasUploads } from "#components/upload/tab-uploader.ts"

/**
 * Returns a function that refreshes the page if the app answers. The router reloads a page that it
 * cannot refresh, which would end its uploads: after an update of the app it cannot, so a tab that
 * uploads is not refreshed. Without a session a refresh would redirect to the sign-in page, so the
 * member of such a tab is asked to sign in by a dialog instead.
 */
export function useRefresh(): () => void {
  const router = useRouter()
  return useCallback(async () => {
    const holds = await askSession()
    if (holds === null) return
    const isUploading = hasUploads()
    if (!holds && isUploading) reportSessionEnded()
    else if (!isUploading || !isAppUpdated()) router.refresh()
  }, [router])
}
