import { getTranslations } from "next-intl/server"
import { pageOfMember } from "#app/(member)/page-of.tsx"
import { titled } from "#app/or-outage.tsx"
import { ListPage } from "#components/lists/list-page.tsx"
import { RefreshWhile } from "#components/refresh/refresh-while.tsx"
import { AskedShares } from "#components/shares/asked-shares.tsx"
import { OpenChanges } from "#components/shares/open-changes.tsx"
import { LinkButton } from "#components/ui/button.tsx"
import { Empty } from "#components/ui/empty.tsx"
import { pathsOf } from "#lib/adapters/http/owner-path.ts"
import { readUsage } from "#lib/rooms/files/objects/quota.ts"
import { listAskedShares } from "#lib/rooms/questions/list-asked-shares.ts"
import { listOwnOpenChanges } from "#lib/rooms/shares/bulk/open-changes.ts"
import { findShareDefaults } from "#lib/rooms/shares/edit/member-share-defaults.ts"
import { usualDays } from "#lib/rooms/shares/edit/share-defaults.ts"
import { countShares, listShares } from "#lib/rooms/shares/list/list-shares.ts"
import { SHARE_SORTS, SHARE_STATUSES, ShareListQuery } from "#lib/rooms/shares/share.ts"
import { listAddress, type PageQuery, readListQuery } from "#lib/web/list-address.ts"
import { pageSettings } from "#lib/web/page-settings.ts"
import { sortOf } from "../sort-of.ts"
import { ShareList } from "./share-list.tsx"
import { DropShares, ShareUploads } from "./share-uploads.tsx"

export const generateMetadata = titled("member.shares.heading")

export default pageOfMember(async function SharesPage(
  member,
  { searchParams }: { searchParams: PageQuery },
) {
  const at = pathsOf(member)
  const now = member.now.toISOString()
  const query = await readListQuery(ShareListQuery, searchParams)
  const sort = await sortOf(member.id, { list: "shares", sorts: SHARE_SORTS, asked: query.sort })
  const [list, counts, usage, asked, defaults, changes, settings] = await Promise.all([
    listShares(member.owner, { ...query, sort }),
    countShares(member.owner, query.q),
    readUsage(member.owner),
    listAskedShares(member.owner),
    findShareDefaults(member.owner),
    listOwnOpenChanges(member.owner),
    pageSettings(),
  ])
  const { items, nextCursor, prevCursor } = list
  const t = await getTranslations("member.shares")
  const lists = await getTranslations("member.lists")
  const { q = "", status = "", cursor, limit } = query
  const shown = { q, status, sort: query.sort, limit: limit?.toString() }
  const filtered = q !== "" || status !== ""
  const hasNone = items.length === 0 && !filtered && !cursor
  const upload = await getTranslations("member.upload")
  const drop = {
    days: usualDays(defaults, settings),
    ...(settings.thisMachineOnly && {
      warning: upload("thisMachineOnly", { admin: member.role === "admin" ? "yes" : "no" }),
    }),
  }
  return (
    <ListPage
      path={at("/shares")}
      query={shown}
      cursor={cursor}
      page={list}
      wide
      title={t("heading")}
      {...(!hasNone && {
        beside: <DropShares slim {...drop} />,
        sort: { value: sort, sorts: SHARE_SORTS, list: "shares" },
        tabs: (["all", ...SHARE_STATUSES] as const).map((tab) => ({
          href: listAddress(at("/shares"), { ...shown, status: tab === "all" ? null : tab }),
          text: lists(`tab.${tab}`),
          ...(counts && { count: counts[tab] }),
          current: tab === (status || "all"),
        })),
      })}
      news={
        asked.length > 0 && (
          <AskedShares shares={asked} path={at("/shares")} className="max-xl:mb-2 xl:min-w-0" />
        )
      }
      notices={
        <>
          {hasNone && <DropShares slim={false} {...drop} />}
          <ShareUploads settings={settings} usage={usage} now={now} shares={items} />
          <RefreshWhile
            what="arriving"
            left={items.reduce((sum, share) => sum + share.arrivingFileCount, 0)}
          />
          <OpenChanges changes={changes} />
        </>
      }
    >
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
                <LinkButton href={at("/shares")} variant="quiet" size="sm">
                  {t("showAll")}
                </LinkButton>
              }
            />
          ) : (
            <Empty title={t("empty")}>{t("emptyText")}</Empty>
          )
        }
      />
    </ListPage>
  )
}, "/shares")
