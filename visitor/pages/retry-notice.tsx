import { Notice } from "#components/ui/notice.tsx"
import { useWords } from "./page-context.ts"
import { StaticRelativeTime, StaticTime } from "./static-time.tsx"

type RetryNoticeProps = {
  /** The action that has to wait: another password, or another question. */
  what: "locked" | "ask"
  retryAt: Date
  now: Date
}

/** Says until when a visitor has to wait, and afterwards that they may continue. */
export function RetryNotice({ what, retryAt, now }: RetryNoticeProps) {
  const { t, rich } = useWords()
  return (
    <div data-countdown="retry" data-to={retryAt.getTime()}>
      <Notice tone="danger">
        <span data-before>
          {rich(what === "ask" ? "visitor.ask.slowed" : "visitor.locked.slowed", {
            relative: () => <StaticRelativeTime at={retryAt} now={now} />,
            clock: () => <StaticTime at={retryAt} form="clock" />,
          })}
        </span>
        <template data-after>
          {t(what === "ask" ? "visitor.ask.now" : "visitor.locked.again")}
        </template>
      </Notice>
    </div>
  )
}
