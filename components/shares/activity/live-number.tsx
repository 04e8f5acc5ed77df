"use client"

import { useLocale, useTranslations } from "next-intl"
import { useEffect, useRef, useState } from "react"
import { useRefresh } from "#components/refresh/use-refresh.ts"
import { Button } from "#components/ui/button.tsx"
import type { LiveNumbers } from "#lib/activity/live.ts"
import type { ShareStatus } from "#lib/shares/share.ts"
import { useLiveShare } from "./live-shares.ts"

export type LiveName = "views" | "visitors" | "downloads" | "previews" | "botViews"

type LiveNumberProps = {
  shareId: string
  name: LiveName
  /** As the page was rendered; what counts up is never less. */
  value: number
}

/** A number of a share that moves by itself. */
export function LiveNumber({ shareId, name, value }: LiveNumberProps) {
  const locale = useLocale()
  const live = useLiveShare(shareId, { visitors: name === "visitors" })
  const now = Math.max(value, live?.[name] ?? 0)
  return (
    <span
      key={now}
      className={now === value ? undefined : "motion-safe:animate-[changed_1.5s_ease-out]"}
    >
      {now.toLocaleString(locale)}
    </span>
  )
}

type LiveNewsProps = {
  shareId: string
  /** As the page was rendered. */
  views: number
  downloads: number
  status: ShareStatus
}

/** Changes are announced to screen readers at most this often. */
const SAY_EVERY_MS = 30_000

/**
 * Says politely what changed, and offers to show what visitors did, whose place is kept free. A page
 * whose share became another one, by its last download or its end, is refreshed by itself.
 */
export function LiveNews({ shareId, views, downloads, status }: LiveNewsProps) {
  const t = useTranslations("member.numbers")
  const live = useLiveShare(shareId)
  const refresh = useRefresh()
  const isNews = live !== null && (live.views > views || live.downloads > downloads)
  const said = useSaid(isNews ? live : null)

  const become = live?.status
  useEffect(() => {
    if (become && become !== status) refresh()
  }, [become, status, refresh])

  return (
    <>
      <Button
        variant="quiet"
        size="sm"
        className={isNews ? "" : "invisible"}
        aria-hidden={!isNews}
        tabIndex={isNews ? undefined : -1}
        onClick={refresh}
      >
        {t("showNews")}
      </Button>
      <span role="status" className="sr-only">
        {said && t("said", { views: said.views, downloads: said.downloads })}
      </span>
    </>
  )
}

/** The numbers as they are said: the first change at once, then the last one of each while. */
function useSaid(numbers: LiveNumbers | null) {
  const [said, setSaid] = useState<LiveNumbers | null>(null)
  const at = useRef(Number.NEGATIVE_INFINITY)
  useEffect(() => {
    if (!numbers) return
    const wait = Math.max(0, at.current + SAY_EVERY_MS - performance.now())
    const timer = setTimeout(() => {
      at.current = performance.now()
      setSaid(numbers)
    }, wait)
    return () => clearTimeout(timer)
  }, [numbers])
  return said
}
