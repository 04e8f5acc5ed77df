"use client"

import { useTranslations } from "next-intl"
import { useEffect, useRef } from "react"
import type { LocalTime } from "#components/local-time.tsx"
import { Ring } from "#components/ui/ring.tsx"
import { useDuration, useTimeLeft } from "./time-left.ts"
import type { TimeRow } from "./time-row.tsx"

type CountdownProps = { openedAt: Date; expiresAt: Date; now: Date }

/** The ring and the words for how long a link stays open. The server writes them, the browser keeps them true. */
export function Countdown({ openedAt, expiresAt, now }: CountdownProps) {
  const t = useTranslations("visitor")
  const say = useDuration()
  const left = useTimeLeft(expiresAt, now)
  const span = expiresAt.getTime() - openedAt.getTime()
  const lapsed = left <= 0
  const place = useRef<HTMLDivElement>(null)

  // What can no longer be done leaves the page: see `group-data-lapsed/visit`.
  useEffect(() => {
    place.current?.closest("[data-visit]")?.toggleAttribute("data-lapsed", lapsed)
  }, [lapsed])

  const time = () => <LocalTime at={expiresAt} now={now} />
  return (
    <TimeRow
      ref={place}
      ring={
        <Ring state={lapsed ? "over" : "open"} fraction={span > 0 ? left / span : 1} size={76} />
      }
      title={lapsed ? t("lapsedNow") : t("openFor", { duration: say(left) })}
    >
      {lapsed ? t.rich("wasOpenUntil", { time }) : t.rich("until", time )}
    </TimeRow>
  )
}
