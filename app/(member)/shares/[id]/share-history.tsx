import { getTranslations } from "next-intl/server"
import { z } from "zod"
import { BotFetchList } from "#components/shares/activity/bot-fetches.tsx"
import { EventList } from "#components/shares/activity/event-list.tsx"
import { LiveNews } from "#components/shares/activity/live-number.tsx"
import { ReceiptList } from "#components/shares/activity/receipt-list.tsx"
import { LocalTime } from "#components/time/local-time.tsx"
import { Disclosure } from "#components/ui/disclosure.tsx"
import { Pager } from "#components/ui/pager.tsx"
import { CHART_RANGES } from "#lib/activity/charts/chart-range.ts"
import type { EventView } from "#lib/activity/event.ts"
import { EVENTS_READ, type ShareActivity } from "#lib/activity/receipt.ts"
import { ListQuery } from "#lib/database/list-query.ts"
import { FilesPlace } from "#lib/shares/list/files-place.ts"
import type { ShareView } from "#lib/shares/share.ts"
import { listAddress } from "#lib/web/list-address.ts"

/**
 * `before` is the cursor of the list of visitors, `cursor` that of the list of events and `after`
 * that of the list of files. `range` is the time range of the charts; by default the one that
 * covers most of the share's activity.
 */
export const SharePageQuery = ListQuery.extend({
  before: z.string().max(200).optional(),
  after: FilesPlace.optional(),
  range: z.enum(CHART_RANGES).optional(),
})
export type SharePageQuery = z.infer<typeof SharePageQuery>

type ShareHistoryProps = {
  share: ShareView
  activity: ShareActivity
  events: { items: EventView[]; nextCursor: string | null }
  query: SharePageQuery
  path: string
  now: string
}

/** Who opened a share and which files they downloaded; bots and single events are collapsed. */
export async function ShareHistory({
  share,
  activity,
  events,
  query,
  path,
  now,
}: ShareHistoryProps) {
  const t = await getTranslations("member.receipts")
  const { receipts, nextCursor, bots, since, areDeleted } = activity
  const { q, before, cursor, range } = query
  const address = (place: { before?: string | null; cursor?: string | null }) =>
    listAddress(path, { q, range, ...place })
  return (
    <section aria-labelledby="receipts" className="mt-10">
      <div className="mb-2.5 flex items-center justify-between gap-4">
        <h2 id="receipts" className="text-note">
          {t("heading")}
        </h2>
        {/* The browser needs no file. */}
        <LiveNews share={{ ...share, files: [] }} />
      </div>
      {receipts.length === 0 && (
        <p className="border-t border-line py-3 text-soft">{t(areDeleted ? "notKept" : "none")}</p>
      )}
      <ReceiptList
        receipts={receipts}
        share={{ fileCount: readyCountOf(share), viewOnly: share.viewOnly }}
        now={now}
      />
      {since && nextCursor === null && (
        <p className="mt-3 max-w-[60ch] text-sm text-soft">
          {t.rich(areDeleted ? "sinceDeleted" : "since", {
            count: EVENTS_READ,
            when: () => <LocalTime at={since} form="short" now={now} />,
          })}
        </p>
      )}
      <div className="mt-5 not-has-[nav]:hidden">
        <Pager
          label={t("pages")}
          firstHref={before ? address({}) : null}
          nextHref={nextCursor && address({ before: nextCursor })}
        />
      </div>
      <div className="mt-5 divide-y divide-line border-y border-line">
        <BotFetchList bots={bots} total={share.botViews} now={now} />
        <Disclosure summary={t("events")} open={cursor !== undefined}>
          {events.items.length > 0 ? (
            <EventList events={events.items} now={now} />
          ) : (
            <p className="pb-4 text-soft">{t("noEvents")}</p>
          )}
          <div className="py-5 not-has-[nav]:hidden">
            <Pager
              label={t("eventPages")}
              firstHref={cursor ? address({ before: before ?? null }) : null}
              nextHref={
                events.nextCursor && address({ before: before ?? null, cursor: events.nextCursor })
              }
            />
          </div>
        </Disclosure>
      </div>
    </section>
  )
}

const readyCountOf = ({ files }: ShareView) =>
  files.filter(({ status }) => status === "ready").length
