import type { LinkPage } from "#lib/claims/link-page.ts"
import { LockedLink } from "./locked-link.tsx"
import { OpenLink } from "./open-link.tsx"
import { OverLink } from "./over-link.tsx"
import { ScheduledLink } from "./scheduled-link.tsx"
import { UnknownLink } from "./unknown-link.tsx"

type VisitorPageProps = {
  token: string
  page: LinkPage
  /** Which part of a long list of files, from 1. */
  part?: number
}

/** What someone sees who opens a link. */
export function VisitorPage({ token, page, part = 1 }: VisitorPageProps) {
  switch (page.state) {
    case "open":
      return <OpenLink token={token} link={page} part={part} />
    case "locked":
      return <LockedLink token={token} link={page} />
    case "scheduled":
      return <ScheduledLink token={token} link={page} />
    case "unknown":
      return <UnknownLink />
    default:
      return <OverLink link={page} />
  }
}
