import type { ReactNode } from "react"
import { isLastDay, ringFraction } from "#components/ring-fraction.ts"
import { durationParts } from "#components/time/format-time.ts"
import { Ring } from "#components/ui/ring/ring.tsx"
import type { OpenPage } from "#lib/rooms/claims/open/link-page.ts"
import { useWords } from "#visitor/pages/page-context.ts"
import { StaticTime } from "#visitor/pages/static-time.tsx"

/** The size of a ring's drawing; the stylesheet shows it smaller where the time is a line. */
const SIZE = 76

type TimeRowProps = {
  ring: ReactNode
  /** The text, such as "Expires in 2 days". */
  title: ReactNode
  /** The date of the end or the start. */
  children?: ReactNode
}

/** A ring with a text that explains it. Its size depends on the element around it. */
function TimeRow({ ring, title, children }: TimeRowProps) {
  return (
    <>
      {ring}
      <div>
        <p role="timer">{title}</p>
        {children && <p>{children}</p>}
      </div>
    </>
  )
}

function useDuration() {
  const { t } = useWords()
  return (milliseconds: number) =>
    durationParts(milliseconds)
      .map(({ unit, count }) => t(`common.${unit}`, { count }))
      .reduce((first, second) => t("common.duration", { first, second }))
}

/**
 * The remaining time of an open link: a line of text, on the last day a headline.
 * islands/times/countdown.ts updates it.
 */
export function Expiry({ link }: { link: Pick<OpenPage, "expiresAt" | "now" | "senderName"> }) {
  const { expiresAt, now, senderName: sender } = link
  const { t, rich } = useWords()
  const duration = useDuration()
  if (!expiresAt) {
    return (
      <div data-live="time" className="time">
        <TimeRow ring={<Ring size={SIZE} />} title={t("visitor.alwaysOpen")}>
          {t("visitor.untilEnded", { sender })}
        </TimeRow>
      </div>
    )
  }
  const left = expiresAt.getTime() - now.getTime()
  const time = () => <StaticTime at={expiresAt} now={now} />
  return (
    <div
      data-live="time"
      data-countdown="open"
      data-to={expiresAt.getTime()}
      className={isLastDay(left) ? "time time-large" : "time"}
    >
      <TimeRow
        ring={<Ring fraction={ringFraction(left)} size={SIZE} />}
        title={t("visitor.openFor", { duration: duration(left) })}
      >
        <span data-before>{rich("visitor.until", { time })}</span>
        <template data-after>{rich("visitor.wasOpenUntil", { time })}</template>
      </TimeRow>
    </div>
  )
}

/** The time until a link opens. islands/times/countdown.ts updates it. */
export function OpeningCountdown({ startsAt, now }: { startsAt: Date; now: Date }) {
  const { t, rich } = useWords()
  const left = startsAt.getTime() - now.getTime()
  return (
    <div className="time time-large">
      <TimeRow
        ring={<Ring state="scheduled" size={SIZE} />}
        title={t("visitor.scheduled.opensIn", { duration: useDuration()(left) })}
      >
        <span data-before>
          {rich("visitor.scheduled.on", { time: () => <StaticTime at={startsAt} now={now} /> })}
        </span>
      </TimeRow>
    </div>
  )
}
