"use client"

import { useRouter } from "next/navigation"
import { useCallback } from "react"
import { checkSession } from "../session-ended.ts"
import { tabUploader } from "./tab-uploader.ts"

/**
 * Refreshes the page. While this tab uploads it asks for the session first: without one, a refresh
 * would leave the page for the sign-in.
 */
export function useRefresh(): () => void {
  const router = useRouter()
  return useCallback(async () => {
    const uploads = tabUploader().snapshot().totals.count > 0
    if (!uploads || (await checkSession())) router.refresh()
  }, [router])
}
