import { useTranslations } from "next-intl"
import type { ReactNode } from "react"
import { Dotted } from "#components/lists/dotted.tsx"
import { RefreshWhile } from "#components/refresh/refresh-while.tsx"
import { agentText } from "#components/shares/activity/agent-text.ts"
import { LocalTime } from "#components/time/local-time.tsx"
import { Badge } from "#components/ui/badge.tsx"
import { Pager, type PagerProps } from "#components/ui/tables/pager.tsx"
import { deviceOf } from "#lib/rooms/activity/receipt.ts"
import type { RecipientVisits } from "#lib/rooms/activity/recipient-visits.ts"
import type { LinkView } from "#lib/rooms/shares/links/link.ts"
import { EditRecipient, RecipientActs, RecipientMenu } from "./recipient-acts.tsx"
import type { ListOf } from "./recipient-dialogs.tsx"
import { nameOfRecipient } from "./recipient-name.ts"
import { isRemindable, stateOf } from "./recipient-state.ts"
import { RemindButton } from "./remind-button.tsx"

/** A link that more visitors of a day opened was probably passed on. */
const FEW_VISITORS = 2

/** The share or request whose recipients are listed. */
type Of = ListOf & { viewOnly: boolean; fileCount: number; isOpen: boolean }

type RecipientListProps = {
  of: Of
  total: number
  page: { items: LinkView[]; nextCursor: string | null }
  visits: Map<string, RecipientVisits>
  /** The links by which files came in. */
  senders: Set<string>
  now: string
  /** The button that adds recipients. */
  aside: ReactNode
  /** The search box, where there are many. */
  search?: ReactNode
} & Pick<PagerProps, "at" | "href">

/** The people to whom links of a share or a request were given, and what they did with them. */
export function RecipientList(props: RecipientListProps) {
  const { of, total, page, visits, senders, now, aside, search, at, href } = props
  const t = useTranslations("member.recipients")
  const { items } = page
  return (
    <section aria-labelledby="recipients" className="min-w-0">
      <div className="flex min-h-11 items-center justify-between gap-4">
        <h2 id="recipients" className="text-note">
          {t(of.mail ? "heading" : "headingByHand", { count: total })}
        </h2>
        {aside}
      </div>
      {total === 0 ? (
        <p className="border-t border-line pt-2.5 text-sm text-soft">
          {t(of.kind === "request" ? "noneRequest" : "none")}
        </p>
      ) : (
        <RecipientActs
          of={{ id: of.id, kind: of.kind, mail: of.mail, verifiedOnly: of.verifiedOnly }}
        >
          {search && <div className="pb-2.5">{search}</div>}
          {items.length === 0 && (
            <p className="border-t border-line py-3 text-soft">{t("notFound")}</p>
          )}
          <ul className="grid gap-x-3.5 border-b border-line sm:grid-cols-[minmax(0,5fr)_auto_minmax(0,6fr)_auto]">
            {items.map((link) => (
              <Row
                key={link.id}
                of={of}
                link={link}
                visits={visits.get(link.id)}
                state={stateOf(link, of, senders.has(link.id))}
                now={now}
              />
            ))}
          </ul>
        </RecipientActs>
      )}
      <Pager
        className="mt-5 border-t-0! pt-0!"
        label={t("pages")}
        at={at}
        page={page}
        href={href}
      />
      <RefreshWhile
        what="mailing"
        left={items.filter(({ mail, openedAt }) => mail?.state === "queued" && !openedAt).length}
      />
    </section>
  )
}

type RowProps = {
  of: Of
  link: LinkView
  visits: RecipientVisits | undefined
  state: ReturnType<typeof stateOf>
  now: string
}

function Row({ of, link, visits, state, now }: RowProps) {
  const t = useTranslations("member.recipients")
  const name = nameOfRecipient(link) || t("erasedName")
  const manyVisitors = (visits?.visitorsToday ?? 0) > FEW_VISITORS
  return (
    <li className="col-span-full grid grid-cols-[minmax(0,1fr)_auto] items-center gap-y-1 border-t border-line py-2.5 text-[0.9375rem] sm:grid-cols-subgrid">
      <div className="min-w-0">
        <p className="font-medium wrap-anywhere">
          <bdi className={state === "erased" ? "text-soft" : undefined}>{name}</bdi>
        </p>
        {link.name && link.address && (
          <p className="text-sm text-soft wrap-anywhere">
            <bdi>{link.address}</bdi>
          </p>
        )}
      </div>
      <div className="contents max-sm:col-span-full max-sm:row-start-2 max-sm:flex max-sm:flex-wrap max-sm:items-center max-sm:gap-x-3 max-sm:gap-y-1">
        <StateBadge of={of} visits={visits} state={state} />
        <div className="min-w-0 text-sm text-soft">
          <Facts of={of} link={link} visits={visits} state={state} now={now} />
          {manyVisitors && (
            <p className="text-warning-ink">
              {t("manyVisitors", { count: visits?.visitorsToday ?? 0 })}
            </p>
          )}
        </div>
      </div>
      {state === "erased" ? (
        <span />
      ) : (
        <RecipientMenu link={link} label={t("menuOf", { name })} now={now} />
      )}
    </li>
  )
}

const TONES = {
  erased: "plain",
  revoked: "plain",
  downloaded: "ok",
  opened: "plain",
  refused: "danger",
  not_opened: "warning",
  sent: "ok",
  not_sent: "warning",
} as const

function StateBadge({ of, visits, state }: Pick<RowProps, "of" | "visits" | "state">) {
  const t = useTranslations("member.recipients.state")
  const taken = visits?.taken ?? 0
  const counts = { count: taken, total: of.fileCount }
  return (
    <span className="justify-self-start">
      <Badge tone={TONES[state]}>
        {state === "downloaded" && taken > 0 && of.fileCount > 1
          ? t("downloadedOf", counts)
          : t(state)}
      </Badge>
    </span>
  )
}

/** When and on what the link was opened, how its mail fares, and its conditions. */
function Facts({ of, link, visits, state, now }: RowProps) {
  const t = useTranslations("member.recipients")
  const conditions = [
    link.verify && t("asksForCode"),
    link.maxDownloads !== null && t("ofLimit", { count: link.downloads, limit: link.maxDownloads }),
  ]
  const time = (at: string) => <LocalTime at={at} form="short" now={now} />
  if (state === "erased") return null
  if (state === "revoked") return <Dotted items={[time(link.revokedAt ?? now)]} />
  if (link.openedAt !== null)
    return (
      <Dotted
        items={[
          time(link.openedAt),
          visits?.openedWith && <Device key="device" agent={visits.openedWith} />,
          ...conditions,
        ]}
      />
    )
  const mayRemind = of.mail && of.isOpen && isRemindable(link, new Date(now))
  const hasMailFact = link.mail !== null || link.address === ""
  return (
    <>
      <Dotted
        items={[hasMailFact && <MailFact key="mail" link={link} now={now} />, ...conditions]}
      />
      {state === "refused" ? (
        <EditRecipient link={link} label={t("editTitle", { name: nameOfRecipient(link) })}>
          {t("mend")}
        </EditRecipient>
      ) : (
        mayRemind && <RemindButton of={{ id: of.id, kind: of.kind }} link={link} />
      )}
    </>
  )
}

function Device({ agent }: { agent: string }) {
  const common = useTranslations("common")
  const { system, tool } = deviceOf(agent)
  return <bdi>{system ?? tool ?? agentText(agent, common)}</bdi>
}

/** Says whether the mail with a link was sent, waits, or was refused, or that the link is copied. */
function MailFact({ link: { mail }, now }: { link: LinkView; now: string }) {
  const t = useTranslations("member.recipients")
  if (!mail) return t("byHand")
  const { state, answer, at } = mail
  if (state === "sent")
    return t.rich("sentAt", { when: () => <LocalTime at={at} form="short" now={now} /> })
  if (state === "queued") return answer === null ? t("queued") : t("retrying", { answer })
  return answer === null ? t("refusedSilent") : t("answered", { answer })
}
