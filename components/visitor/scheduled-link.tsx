import { useTranslations } from "next-intl"
import type { LinkPage } from "#lib/claims/link-page.ts"
import { LinkHeading } from "./link-heading.tsx"
import { OpeningCountdown } from "./opening-countdown.tsx"
import { VisitorFrame } from "./visitor-frame.tsx"

type Scheduled = Extract<LinkPage, { state: "scheduled" }>

/** A link before its time: what it will be, and when. */
export function ScheduledLink({ token, link }: { token: string; link: Scheduled }) {
  const t = useTranslations("visitor.scheduled")
  return (
    <VisitorFrame>
      <LinkHeading sender={link.senderName} name={link.title || t("untitled")} />
      <OpeningCountdown token={token} startsAt={link.startsAt} now={link.now} />
    </VisitorFrame>
  )
}
