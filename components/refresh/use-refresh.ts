"use client"

import { useRouter } from "next/navigation"
import { useCallback } from "react"
import { askSession, reportSessionEnded } from "#components/calls/session-ended.ts"
import { tabUploader } from "#components/upload/tab-uploader.ts"

/**
 * Returns a function that refreshes the page if the app answers. The router reloads a page that it
 * cannot refresh, which would end its uploads. Without a session a refresh would redirect to the
 * sign-in page, so the member of a tab that uploads is asked to sign in by a dialog instead.
 */
export function useRefresh(): () => void {
  const router = useRouter()
  return useCallback(async () => {
    const holds = await askSession()
    if (holds === null) return
    if (holds || tabUploader().snapshot().totals.count === 0) router.refresh()
    else reportSessionEnded()
  }, [router])
}
