import { getTranslations } from "next-intl/server"
import { z } from "zod"
import { BotFetchList } from "#components/shares/activity/bot-fetches.tsx"
import { Events } from "#components/shares/activity/event-list.tsx"
import { LiveNews } from "#components/shares/activity/live-number.tsx"
import { ReceiptList } from "#components/shares/activity/receipt-list.tsx"
import { LocalTime } from "#components/time/local-time.tsx"
import { LinkButton } from "#components/ui/button.tsx"
import { Disclosure } from "#components/ui/disclosure.tsx"
import { Pager } from "#components/ui/tables/pager.tsx"
import { ListQuery } from "#lib/adapters/database/list-query.ts"
import { Uuid } from "#lib/adapters/text/uuid.ts"
import { CHART_RANGES } from "#lib/rooms/activity/charts/chart-range.ts"
import type { EventView } from "#lib/rooms/activity/event.ts"
import { EVENTS_READ, type Receipt, type ShareActivity } from "#lib/rooms/activity/receipt.ts"
import { FilesPlace } from "#lib/rooms/shares/list/files-place.ts"
import type { ShareView } from "#lib/rooms/shares/share.ts"
import { listAddress } from "#lib/web/list-address.ts"

/**
 * The cursors of the lists of visitors (`before`), events (`cursor`), files (`after`) and recipients
 * (`people`), whom `who` searches. `range` is the time range of the charts; by default the one that covers most of the share's activity.
 */
export const SharePageQuery = ListQuery.extend({
  before: z.string().max(200).optional(),
  after: FilesPlace.optional(),
  people: Uuid.optional(),
  who: z.string().trim().max(200).optional(),
  range: z.enum(CHART_RANGES).optional(),
})
export type SharePageQuery = z.infer<typeof SharePageQuery>

/** The number of visitors at the top of the page; the history lists the others. */
const LATEST = 3

type ShareHistoryProps = {
  share: ShareView
  activity: ShareActivity
  events: { items: EventView[]; nextCursor: string | null }
  query: SharePageQuery
  path: string
  now: string
}

/** Who opened a share last and which files they downloaded. */
export async function ShareVisitors(props: Omit<ShareHistoryProps, "events">) {
  const { share, activity, query, path, now } = props
  const t = await getTranslations("member.receipts")
  const { latest, hasEarlier } = partsOf(activity, query)
  return (
    <section aria-labelledby="receipts" className="min-w-0">
      <div className="mb-2.5 flex min-h-9 items-center justify-between gap-4">
        <h3 id="receipts" className="text-sm font-semibold">
          {t("heading")}
        </h3>
        {/* The browser needs no file. */}
        <LiveNews share={{ ...share, files: [] }} />
      </div>
      {query.before === undefined && activity.receipts.length === 0 && (
        <p className="border-t border-line py-3 text-soft">
          {t(activity.areDeleted ? "notKept" : "none")}
        </p>
      )}
      <Receipts receipts={latest} share={share} now={now} />
      {!hasEarlier && <Since activity={activity} now={now} />}
      {query.before !== undefined && (
        <LinkButton href={path} variant="text" size="sm" className="-ms-3.25">
          {t("showLatest")}
        </LinkButton>
      )}
    </section>
  )
}

/** The earlier visitors of a share, the bots and the single events, each collapsed. */
export async function ShareHistory(props: ShareHistoryProps) {
  const { share, activity, events, query, path, now } = props
  const t = await getTranslations("member.receipts")
  const { earlier, hasEarlier } = partsOf(activity, query)
  const { q, before, cursor, range } = query
  const visitors = (at: string | null) =>
    `${listAddress(path, { q, range, before: at })}${at ? "#earlier" : ""}`
  return (
    <section aria-label={t("history")} className="divide-y divide-line border-y border-line">
      {hasEarlier && (
        <div id="earlier">
          <Disclosure summary={t("earlier")} open={before !== undefined}>
            <Receipts receipts={earlier} share={share} now={now} />
            <Since activity={activity} now={now} />
            <Pager
              className="my-5"
              label={t("pages")}
              at={before}
              page={activity}
              href={visitors}
            />
          </Disclosure>
        </div>
      )}
      <BotFetchList bots={activity.bots} total={share.botViews} now={now} />
      <Disclosure summary={t("events")} open={cursor !== undefined}>
        <Events
          events={events}
          now={now}
          at={cursor}
          href={(at) => listAddress(path, { q, range, before, cursor: at })}
        />
      </Disclosure>
    </section>
  )
}

/** The visitors at the top of the page, and the visitors of its history. */
function partsOf({ receipts, nextCursor }: ShareActivity, { before }: SharePageQuery) {
  const latest = before === undefined ? receipts.slice(0, LATEST) : []
  const earlier = receipts.slice(latest.length)
  return { latest, earlier, hasEarlier: earlier.length > 0 || nextCursor !== null }
}

type ReceiptsProps = { receipts: Receipt[]; share: ShareView; now: string }

function Receipts({ receipts, share: { files, viewOnly }, now }: ReceiptsProps) {
  const fileCount = files.filter(({ status }) => status === "ready").length
  return <ReceiptList receipts={receipts} share={{ fileCount, viewOnly }} now={now} />
}

/** Says which events the lists of visitors cover, where they do not cover all. */
async function Since({ activity, now }: { activity: ShareActivity; now: string }) {
  const t = await getTranslations("member.receipts")
  const { since, nextCursor, areDeleted } = activity
  if (!since || nextCursor !== null) return null
  return (
    <p className="mt-3 max-w-[60ch] text-sm text-soft">
      {t.rich(areDeleted ? "sinceDeleted" : "since", {
        count: EVENTS_READ,
        when: () => <LocalTime at={since} form="short" now={now} />,
      })}
    </p>
  )
}
