"use client"

import { useTranslations } from "next-intl"
import { useSyncExternalStore } from "react"

/** Says that the browser is offline: the page may be outdated and nothing can be saved. */
export function OfflineNotice() {
  const t = useTranslations("member.lists")
  const online = useSyncExternalStore(
    subscribe,
    () => navigator.onLine,
    () => true,
  )
  return (
    <div role="status" className="not-empty:mb-5">
      {!online && (
        <p className="rounded-[10px] bg-warning px-4 py-3 text-[0.9375rem] text-warning-ink">
          {t("offline")}
        </p>
      )}
    </div>
  )
}

function subscribe(onChange: () => void) {
  window.addEventListener("online", onChange)
  window.addEventListener("offline", onChange)
  return () => {
    window.removeEventListener("online", onChange)
    window.removeEventListener("offline", onChange)
  }
}
