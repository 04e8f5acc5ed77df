import { RecipientList } from "#components/recipients/recipient-list.tsx"
import { RecipientSearch } from "#components/recipients/recipient-search.tsx"
import { SendButton } from "#components/recipients/send-button.tsx"
import type { OwnerId } from "#lib/rooms/accounts/member.ts"
import { recipientVisits } from "#lib/rooms/activity/recipient-visits.ts"
import { linksThatSent } from "#lib/rooms/requests/list-deliveries.ts"
import { countRecipients, listLinks } from "#lib/rooms/shares/links/read-links.ts"
import type { ShareKind, ShareStatus } from "#lib/rooms/shares/share.ts"
import { listAddress } from "#lib/web/list-address.ts"
import type { PageSettings } from "#lib/web/page-settings.ts"

const PER_PAGE = 20

type Of = { id: string; kind: ShareKind }
/** The cursor of the list, and its search text. */
type Query = { people?: string | undefined; who?: string | undefined }

/** Reads a page of the recipients of the owner's share or request. */
export async function readRecipients(
  owner: OwnerId,
  { id: shareId, kind }: Of,
  { people, who }: Query,
) {
  const of = { owner, shareId, kind }
  const [page, total] = await Promise.all([
    listLinks(of, { q: who, cursor: people, limit: PER_PAGE }),
    countRecipients(of),
  ])
  const ids = page.items.map(({ id }) => id)
  const [visits, senders] = await Promise.all([
    recipientVisits(owner, shareId, ids),
    kind === "request" ? linksThatSent(shareId, ids) : new Set<string>(),
  ])
  return { page, total, visits, senders }
}

type LinkRecipientsProps = {
  of: Of & { status: ShareStatus; hasPassword: boolean; viewOnly: boolean; fileCount: number }
  read: Awaited<ReturnType<typeof readRecipients>>
  query: Query
  /** The path of the page. */
  path: string
  settings: Pick<PageSettings, "mail" | "verifiedOnly">
  now: string
}

/** The recipients of a share or a request, with the button that adds more. */
export function LinkRecipients({ of, read, query, path, settings, now }: LinkRecipientsProps) {
  const { id, kind, status, hasPassword, viewOnly, fileCount } = of
  const { mail, verifiedOnly } = settings
  const { people, who = "" } = query
  const isRevoked = status === "revoked"
  if (isRevoked && read.total === 0) return null
  return (
    <RecipientList
      of={{
        ...{ id, kind, viewOnly, fileCount, mail, verifiedOnly },
        isOpen: status === "open" || status === "scheduled",
      }}
      {...read}
      now={now}
      at={people}
      href={(at) => `${listAddress(path, { who, people: at })}#recipients`}
      aside={
        !isRevoked && (
          <SendButton
            of={{ id, kind, hasPassword }}
            settings={{ mail, verifiedOnly }}
            variant="text"
            className="-me-1 px-1!"
          />
        )
      }
      search={(read.total > PER_PAGE || who !== "") && <RecipientSearch path={path} who={who} />}
    />
  )
}
