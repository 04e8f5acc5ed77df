import { buttonClass } from "#components/ui/button-class.ts"
import type { LinkPage } from "#lib/rooms/claims/open/link-page.ts"
import { VisitorFrame } from "./frame/visitor-frame.tsx"
import { LinkHeading } from "./open/link-heading.tsx"
import { OpeningCountdown } from "./open/time-row.tsx"
import { useWords } from "./page-context.ts"

type Scheduled = Extract<LinkPage, { state: "scheduled" }>

/** The page of a link before its start: what it will contain, and when it opens. */
export function ScheduledLink({ token, link }: { token: string; link: Scheduled }) {
  const { t } = useWords()
  return (
    <VisitorFrame>
      <LinkHeading sender={link.senderName} name={link.title || t("visitor.scheduled.untitled")} />
      <div
        data-countdown="scheduled"
        data-to={link.startsAt.getTime()}
        className="mt-6.5 space-y-7"
      >
        <OpeningCountdown startsAt={link.startsAt} now={link.now} />
        <template data-after>
          <a href={`/s/${token}`} className={buttonClass({ wide: true })}>
            {t("visitor.scheduled.open")}
          </a>
        </template>
      </div>
    </VisitorFrame>
  )
}
