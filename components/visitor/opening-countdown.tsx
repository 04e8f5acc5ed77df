"use client"

import { useTranslations } from "next-intl"
import { LocalTime } from "#components/local-time.tsx"
import { buttonClass } from "#components/ui/button-class.ts"
import { Ring } from "#components/ui/ring.tsx"
import { useDuration, useTimeLeft } from "./time-left.ts"
import { TimeRow } from "./time-row.tsx"

type OpeningCountdownProps = { token: string; startsAt: Date; now: Date }

/** How long until a link opens, and the way in once it has. */
export function OpeningCountdown({ token, startsAt, now }: OpeningCountdownProps) {
  const t = useTranslations("visitor.scheduled")
  const say = useDuration()
  const left = useTimeLeft(startsAt, now)
  const open = left <= 0
  return (
    <div className="mt-6.5 space-y-7">
      <TimeRow
        ring={<Ring state={open ? "open" : "scheduled"} size={76} />}
        title={open ? t("now") : t("opensIn", { duration: say(left) })}
      >
        {!open && t.rich("on", { time: () => <LocalTime at={startsAt} now={now} /> })}
      </TimeRow>
      {open && (
        <a href={`/s/${token}`} className={buttonClass({ wide: true })}>
          {t("open")}
        </a>
      )}
    </div>
  )
}
