"use client"

import { useRouter } from "next/navigation"
import { useCallback } from "react"
import { askSession, reportSessionEnded } from "#components/calls/session-ended.ts"
import { tabUploader } from "#components/upload/tab-uploader.ts"

/**
 * Refreshes the page, if the app answers: the router leaves a page that it cannot refresh, and what
 * is uploaded with it. Without a session a refresh leaves it too, for the sign-in: then the member
 * of a tab that uploads is asked to sign in over the page.
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
