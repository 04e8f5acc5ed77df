import type { Metadata } from "next"
import { getTranslations } from "next-intl/server"
import { ListSearch } from "#components/list-search.tsx"
import { NotFoundMessage } from "#components/not-found-message.tsx"
import { RefreshWhileArriving } from "#components/refresh-while-arriving.tsx"
import { AskedShares } from "#components/shares/asked-shares.tsx"
import { LinkButton } from "#components/ui/button.tsx"
import { Empty } from "#components/ui/empty.tsx"
import { Pager } from "#components/ui/pager.tsx"
import { readUsage } from "#lib/files/quota.ts"
import { listAskedShares } from "#lib/questions/list-asked-shares.ts"
import { listShares } from "#lib/shares/list-shares.ts"
import { findShareDefaults } from "#lib/shares/member-share-defaults.ts"
import { SHARE_STATUSES, ShareListQuery } from "#lib/shares/share.ts"
import { usualDays } from "#lib/shares/share-defaults.ts"
import { listAddress, type PageQuery, readListQuery } from "#lib/web/list-address.ts"
import { orNotFound } from "#lib/web/or-not-found.ts"
import { memberPage } from "#lib/web/session.ts"
import { shareSettings } from "#lib/web/share-settings.ts"
import { ShareList } from "./share-list.tsx"
import { ShareUploads } from "./share-uploads.tsx"

export async function generateMetadata(): Promise<Metadata> {
  const t = await getTranslations("member.shares")
  return { title: t("heading") }
}

export default async function SharesPage({ searchParams }: { searchParams: PageQuery }) {
  const member = await memberPage()
  const now = member.now.toISOString()
  const query = await readListQuery(ShareListQuery, searchParams)
  const [list, usage, asked, defaults] = await Promise.all([
    orNotFound(listShares(member.id, query)),
    readUsage(member.id),
    listAskedShares(member.id),
    findShareDefaults(member.id),
  ])
  if (!list) return <NotFoundMessage home="/shares" />
  const { items, nextCursor } = list
  const t = await getTranslations("member.shares")
  const { q = "", status = "", cursor, limit } = query
  const shown = { q, status, limit: limit?.toString() }
  const filtered = q !== "" || status !== ""
  const settings = await shareSettings()
  return (
    <>
      <ShareUploads
        settings={settings}
        usage={usage}
        now={now}
        shares={items}
        days={usualDays(defaults, settings.policies)}
      />
      <RefreshWhileArriving
        arriving={items.reduce((sum, share) => sum + share.arrivingFileCount, 0)}
      />
      <div className="mb-5 flex flex-wrap items-end justify-between gap-x-6 gap-y-3">
        <h1 className="text-xl">{t("heading")}</h1>
        <ListSearch
          path="/shares"
          label={t("searchLabel")}
          q={q}
          filter={{
            name: "status",
            label: t("statusLabel"),
            value: status,
            items: [
              { value: "", label: t("status.all") },
              ...SHARE_STATUSES.map((value) => ({ value, label: t(`status.${value}`) })),
            ],
          }}
        />
      </div>
      <AskedShares shares={asked} path="/shares" />
      {items.length > 0 ? (
        <ShareList shares={items} asked={asked} now={now} settings={settings} />
      ) : filtered || cursor ? (
        <Empty
          title={t("nothingFound")}
          action={
            <LinkButton href="/shares" variant="quiet" size="sm">
              {t("showAll")}
            </LinkButton>
          }
        />
      ) : (
        <Empty title={t("empty")}>{t("emptyText")}</Empty>
      )}
      <Pager
        firstHref={cursor ? listAddress("/shares", shown) : null}
        nextHref={nextCursor && listAddress("/shares", { ...shown, cursor: nextCursor })}
      />
    </>
  )
}
