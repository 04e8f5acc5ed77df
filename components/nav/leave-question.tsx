"use client"

import { useRouter } from "next/navigation"
import { useTranslations } from "next-intl"
import { useEffect, useState } from "react"
import { AlertDialog } from "#components/ui/dialogs/alert-dialog.tsx"
import { askBeforeLeaving, mayLeaveFor } from "./leaving.ts"

/** Asks before the page is left: the browser before it unloads, a dialog at a link of the app. */
export function LeaveQuestion() {
  const t = useTranslations("common.saving")
  const router = useRouter()
  const [href, setHref] = useState<string | null>(null)

  useEffect(() => {
    const confirmUnload = (event: BeforeUnloadEvent) => event.preventDefault()
    const confirmLink = (event: MouseEvent) => {
      const next = nextPageOf(event)
      if (next === null || mayLeaveFor(next)) return
      event.preventDefault()
      event.stopPropagation()
    }
    const stopAsking = askBeforeLeaving(setHref)
    window.addEventListener("beforeunload", confirmUnload)
    // In the capture phase, before React's listeners, which follow the link.
    window.addEventListener("click", confirmLink, true)
    return () => {
      stopAsking()
      window.removeEventListener("beforeunload", confirmUnload)
      window.removeEventListener("click", confirmLink, true)
    }
  }, [])

  return (
    <AlertDialog
      open={href !== null}
      onOpenChange={(open) => !open && setHref(null)}
      title={t("leaveTitle")}
      description={t("leaveText")}
      cancelLabel={t("stay")}
      confirmLabel={t("leave")}
      onConfirm={() => {
        if (href !== null) router.push(href)
        setHref(null)
      }}
    />
  )
}

/** The address of another page that a click opens in place of this one; null for other clicks. */
function nextPageOf(event: MouseEvent): string | null {
  if (event.button !== 0 || event.metaKey || event.ctrlKey || event.shiftKey || event.altKey)
    return null
  const link = event.target instanceof Element && event.target.closest("a[href]")
  if (!(link instanceof HTMLAnchorElement) || link.target || link.hasAttribute("download"))
    return null
  if (link.origin !== location.origin || link.pathname === location.pathname) return null
  return link.pathname + link.search + link.hash
}
