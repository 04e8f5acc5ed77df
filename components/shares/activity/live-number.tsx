"use client"

import { useLocale, useTranslations } from "next-intl"
import { useEffect, useRef, useState } from "react"
import { useRefresh } from "#components/refresh/use-refresh.ts"
import { Button } from "#components/ui/button.tsx"
import type { LiveNumbers } from "#lib/rooms/activity/live.ts"
import type { ShareView } from "#lib/rooms/shares/share.ts"
import { useCountedText } from "../share-counted.tsx"
import { useLiveShare } from "./live-shares.ts"

export type LiveName = "views" | "visitors" | "downloads" | "viewers" | "previews" | "botViews"

type LiveNumberProps = {
  shareId: string
  name: LiveName
  /** The value when the page was rendered. Counters are never shown below it. */
  value: number
}

/** A counter of a share that updates itself. */
export function LiveNumber({ shareId, name, value }: LiveNumberProps) {
  const locale = useLocale()
  const live = useLiveShare(shareId, { visitors: name === "visitors" })
  const now = Math.max(value, live ? numberOf(live, name) : 0)
  return (
    <span
      key={now}
      className={now === value ? undefined : "motion-safe:animate-[changed_1.5s_ease-out]"}
    >
      {now.toLocaleString(locale)}
    </span>
  )
}

/** Returns the value to show. For downloads, visitors who only viewed are subtracted. */
const numberOf = (live: LiveNumbers, name: LiveName) =>
  name === "downloads" ? live.downloads - live.viewers : (live[name] ?? 0)

/** The share with its numbers when the page was rendered. */
type LiveNewsProps = { share: ShareView }

/** The shortest interval between announcements for screen readers. */
const ANNOUNCE_EVERY_MS = 30_000

/** Announces changes politely, and offers to show new activity in a reserved space. */
export function LiveNews({ share }: LiveNewsProps) {
  const t = useTranslations("member.numbers")
  const countedText = useCountedText()
  const live = useLiveShare(share.id)
  const refresh = useRefresh()
  const isNews =
    live !== null &&
    (["views", "downloads", "previews"] as const).some((of) => live[of] > share[of])
  const said = useAnnounced(isNews ? live : null)

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
        {said && t("said", { views: said.views, counted: countedText({ ...share, ...said }) })}
      </span>
    </>
  )
}

/** Returns the counters to announce: the first change at once, then the latest at intervals. */
function useAnnounced(numbers: LiveNumbers | null) {
  const [said, setSaid] = useState<LiveNumbers | null>(null)
  const at = useRef(Number.NEGATIVE_INFINITY)
  useEffect(() => {
    if (!numbers) return
    const wait = Math.max(0, at.current + ANNOUNCE_EVERY_MS - performance.now())
    const timer = setTimeout(() => {
      at.current = performance.now()
      setSaid(numbers)
    }, wait)
    return () => clearTimeout(timer)
  }, [numbers])
  return said
}
