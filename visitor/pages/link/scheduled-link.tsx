import { buttonClass } from "#components/ui/button-class.ts"
import type { LinkPage } from "#lib/rooms/claims/open/link-page.ts"
import { usePage, useWords } from "#visitor/pages/page-context.ts"
import { VisitorFrame } from "#visitor/pages/visitor-frame.tsx"
import { LinkHeading } from "./link-heading.tsx"
import { OpeningCountdown } from "./time-row.tsx"

type Scheduled = Extract<LinkPage, { state: "scheduled" }>

/** The page of a link before its start: what it will show, and the time at which it opens. */
export function ScheduledLink({ link, origin }: { link: Scheduled; origin: string }) {
  const { t, bytes } = useWords()
  const { address } = usePage()
  const { counts } = link
  const name = link.title || t("visitor.scheduled.untitled")
  const count = counts ? counts.ready + counts.arriving : 0
  return (
    <VisitorFrame>
      <LinkHeading sender={link.senderName} name={name} />
      {counts && count > 0 && (
        <p className="mt-2 text-soft">
          {t("visitor.total", { count, size: bytes(counts.readyBytes + counts.arrivingBytes) })}
        </p>
      )}
      <div
        data-countdown="scheduled"
        data-to={link.startsAt.getTime()}
        className="mt-6.5 space-y-7"
      >
        <OpeningCountdown startsAt={link.startsAt} now={link.now} />
        <p data-before>
          <a
            href={calendarEntry(name, `${origin}${address}`, link)}
            download={`${name}.ics`}
            className="font-semibold text-ink underline underline-offset-3"
          >
            {t("visitor.scheduled.calendar")}
          </a>
        </p>
        <template data-after>
          <a href={address} className={buttonClass({ wide: true })}>
            {t("visitor.scheduled.open")}
          </a>
        </template>
      </div>
    </VisitorFrame>
  )
}

/** A data URL with an entry of iCalendar (RFC 5545) for the moment at which the link opens. */
function calendarEntry(name: string, url: string, { startsAt, now }: Scheduled) {
  const time = (at: Date) => at.toISOString().replaceAll(/[-:]|\.\d+/g, "")
  const text = name.replaceAll(/[\\;,]/g, "\\$&").replaceAll(/\s+/g, " ")
  const lines = [
    ...["BEGIN:VCALENDAR", "VERSION:2.0", "PRODID:-//Lapse//Lapse//EN", "BEGIN:VEVENT"],
    ...[`UID:${startsAt.getTime()}-${url}`, `DTSTAMP:${time(now)}`, `DTSTART:${time(startsAt)}`],
    ...[`SUMMARY:${text}`, `URL:${url}`, "END:VEVENT", "END:VCALENDAR", ""],
  ]
  return `data:text/calendar;charset=utf-8,${encodeURIComponent(lines.join("\r\n"))}`
}
