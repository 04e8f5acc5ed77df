import { buttonClass } from "#components/ui/button-class.ts"
import type { LinkPage } from "#lib/rooms/claims/open/link-page.ts"
import { LinkHeading } from "./open/link-heading.tsx"
import { OpeningCountdown } from "./open/time-row.tsx"
import { usePage, useWords } from "./page-context.ts"
import { VisitorFrame } from "./visitor-frame.tsx"

type Scheduled = Extract<LinkPage, { state: "scheduled" }>

/** The page of a link before its start: the future content, and the time at which it opens. */
export function ScheduledLink({ link }: { link: Scheduled }) {
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
          <a href={usePage().address} className={buttonClass({ wide: true })}>
            {t("visitor.scheduled.open")}
          </a>
        </template>
      </div>
    </VisitorFrame>
  )
}
