import type { ReactNode } from "react"
import { ringFraction } from "#components/ring-fraction.ts"
import { durationParts } from "#components/time/format-time.ts"
import { Ring } from "#components/ui/ring/ring.tsx"
import { StaticTime } from "#visitor/pages/static-time.tsx"
import { useWords } from "#visitor/pages/use-words.ts"

type TimeRowProps = {
  ring: ReactNode
  /** The text, such as "Expires in 2 days". */
  title: ReactNode
  /** The date of the end or the start. */
  children?: ReactNode
}

/** A ring with a text that explains it. */
export function TimeRow({ ring, title, children }: TimeRowProps) {
  return (
    <div className="flex flex-wrap items-center gap-x-4.5 gap-y-3">
      {ring}
      {/* With a very large font the text goes below the ring. */}
      <div className="min-w-0 grow basis-40">
        <p role="timer" className="text-lg font-semibold tracking-[-0.01em] wrap-anywhere">
          {title}
        </p>
        {children && <p className="text-soft wrap-anywhere">{children}</p>}
      </div>
    </div>
  )
}

function useDuration() {
  const { t } = useWords()
  return (milliseconds: number) =>
    durationParts(milliseconds)
      .map(({ unit, count }) => t(`common.${unit}`, { count }))
      .reduce((first, second) => t("common.duration", { first, second }))
}

type CountdownProps = { expiresAt: Date; now: Date }

/** The remaining time of an open link. islands/times/countdown.ts updates it. */
export function Countdown({ expiresAt, now }: CountdownProps) {
  const { t, rich } = useWords()
  const left = expiresAt.getTime() - now.getTime()
  return (
    <div data-countdown="open" data-to={expiresAt.getTime()}>
      <TimeRow
        ring={<Ring fraction={ringFraction(left)} size={76} />}
        title={t("visitor.openFor", { duration: useDuration()(left) })}
      >
        <span data-before>
          {rich("visitor.until", { time: () => <StaticTime at={expiresAt} now={now} /> })}
        </span>
        <template data-after>
          {rich("visitor.wasOpenUntil", { time: () => <StaticTime at={expiresAt} now={now} /> })}
        </template>
      </TimeRow>
    </div>
  )
}

/** The time until a link opens. islands/times/countdown.ts updates it. */
export function OpeningCountdown({ startsAt, now }: { startsAt: Date; now: Date }) {
  const { t, rich } = useWords()
  const left = startsAt.getTime() - now.getTime()
  return (
    <TimeRow
      ring={<Ring state="scheduled" size={76} />}
      title={t("visitor.scheduled.opensIn", { duration: useDuration()(left) })}
    >
      <span data-before>
        {rich("visitor.scheduled.on", { time: () => <StaticTime at={startsAt} now={now} /> })}
      </span>
    </TimeRow>
  )
}
