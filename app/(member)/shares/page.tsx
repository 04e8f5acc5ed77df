import type { Metadata } from "next"
import { getTranslations } from "next-intl/server"
import { orOutage } from "#app/or-outage.tsx"
import { ListSearch } from "#components/lists/list-search.tsx"
import { ListTabs } from "#components/lists/list-tabs.tsx"
import { RememberedSortSelect } from "#components/lists/sort-select.tsx"
import { NotFoundMessage } from "#components/pages/not-found-message.tsx"
import { RefreshWhile } from "#components/refresh/refresh-while.tsx"
import { AskedShares } from "#components/shares/asked-shares.tsx"
import { OpenChanges } from "#components/shares/open-changes.tsx"
import { LinkButton } from "#components/ui/button.tsx"
import { Empty } from "#components/ui/empty.tsx"
import { Pager } from "#components/ui/tables/pager.tsx"
import { findListSort } from "#lib/accounts/list-sorts.ts"
import type { MemberId } from "#lib/accounts/member.ts"
import { readUsage } from "#lib/files/objects/quota.ts"
import { listAskedShares } from "#lib/questions/list-asked-shares.ts"
import { listOwnOpenChanges } from "#lib/shares/bulk/open-changes.ts"
import { findShareDefaults } from "#lib/shares/edit/member-share-defaults.ts"
import { usualDays } from "#lib/shares/edit/share-defaults.ts"
import { countShares, listShares } from "#lib/shares/list/list-shares.ts"
import { SHARE_SORTS, SHARE_STATUSES, ShareListQuery, type ShareSort } from "#lib/shares/share.ts"
import { listAddress, type PageQuery, readListQuery } from "#lib/web/list-address.ts"
import { orNotFound } from "#lib/web/or-not-found.ts"
import { pageSettings } from "#lib/web/page-settings.ts"
import { memberPage } from "#lib/web/sign-in/current-session.ts"
import { ShareList } from "./share-list.tsx"
import { ShareUploads } from "./share-uploads.tsx"

export async function generateMetadata(): Promise<Metadata> {
  const t = await getTranslations("member.shares")
  return { title: t("heading") }
}

export default orOutage(async function SharesPage({ searchParams }: { searchParams: PageQuery }) {
  const member = await memberPage()
  const now = member.now.toISOString()
  const query = await readListQuery(ShareListQuery, searchParams)
  const sort = query.sort ?? (await rememberedSort(member.id))
  const [list, counts, usage, asked, defaults, changes, settings] = await Promise.all([
    orNotFound(listShares(member.id, { ...query, sort })),
    countShares(member.id, query.q),
    readUsage(member.id),
    listAskedShares(member.id),
    findShareDefaults(member.id),
    listOwnOpenChanges(member.id),
    pageSettings(),
  ])
  if (!list) return <NotFoundMessage home="/shares" />
  const { items, nextCursor, prevCursor } = list
  const t = await getTranslations("member.shares")
  const lists = await getTranslations("member.lists")
  const { q = "", status = "", cursor, limit } = query
  const shown = { q, status, sort: query.sort, limit: limit?.toString() }
  const href = (at: string | null) => listAddress("/shares", { ...shown, cursor: at })
  const filtered = q !== "" || status !== ""
  return (
    <div data-wide className="group/list">
      <ShareUploads
        settings={settings}
        usage={usage}
        now={now}
        shares={items}
        days={usualDays(defaults, settings)}
      />
      <RefreshWhile
        what="arriving"
        left={items.reduce((sum, share) => sum + share.arrivingFileCount, 0)}
      />
      <div className="mb-3 flex flex-wrap items-end justify-between gap-x-6 gap-y-3">
        <h1 className="text-xl">{t("heading")}</h1>
        <ListSearch path="/shares" label={t("searchLabel")} q={q} keep={status ? { status } : {}}>
          <RememberedSortSelect
            label={lists("sortLabel")}
            value={sort}
            items={SHARE_SORTS.map((value) => ({ value, text: lists(`sort.${value}`) }))}
            list="shares"
          />
        </ListSearch>
      </div>
      <ListTabs
        label={lists("tabsLabel")}
        tabs={(["all", ...SHARE_STATUSES] as const).map((tab) => ({
          href: listAddress("/shares", {
            ...shown,
            status: tab === "all" ? null : tab,
          }),
          text: lists(`tab.${tab}`),
          ...(counts && { count: counts[tab] }),
          current: tab === (status || "all"),
        }))}
      />
      <OpenChanges changes={changes} />
      <AskedShares shares={asked} path="/shares" />
      <div className="transition-opacity group-has-[[aria-busy=true]]/list:opacity-50">
        <ShareList
          // A new list starts without a selection.
          key={`${status} ${q}`}
          shares={items}
          asked={asked}
          now={now}
          settings={settings}
          hasMore={nextCursor !== null || prevCursor !== null}
          filter={{ q, status }}
          empty={
            filtered || cursor ? (
              <Empty
                title={q ? t("nothingFound") : lists("emptyStatus")}
                action={
                  <LinkButton href="/shares" variant="quiet" size="sm">
                    {t("showAll")}
                  </LinkButton>
                }
              />
            ) : (
              <Empty title={t("empty")}>{t("emptyText")}</Empty>
            )
          }
        />
        <Pager at={cursor} page={list} href={href} />
      </div>
    </div>
  )
})

/** The sort order that the member chose last. */
async function rememberedSort(member: MemberId): Promise<ShareSort> {
  const sort = ShareListQuery.shape.sort.safeParse(await findListSort(member, "shares"))
  return sort.data ?? "-created"
}
