import { getTranslations } from "next-intl/server"
import { z } from "zod"
import { pageOfMember } from "#app/(member)/page-of.tsx"
import { titled } from "#app/or-outage.tsx"
import { ListPage } from "#components/lists/list-page.tsx"
import { LinkButton } from "#components/ui/button.tsx"
import { Empty } from "#components/ui/empty.tsx"
import { Notice } from "#components/ui/notice.tsx"
import { pathsOf } from "#lib/adapters/http/owner-path.ts"
import { countRequests, listRequests } from "#lib/rooms/requests/read-requests.ts"
import { REQUEST_SORTS, RequestListQuery } from "#lib/rooms/requests/request.ts"
import { SHARE_STATUSES } from "#lib/rooms/shares/share.ts"
import { listAddress, type PageQuery, readListQuery } from "#lib/web/list-address.ts"
import { pageSettings } from "#lib/web/page-settings.ts"
import { sortOf } from "../sort-of.ts"
import { NewRequest } from "./new-request.tsx"
import { RequestList } from "./request-list.tsx"

export const generateMetadata = titled("member.requests.heading")

/** `new` opens the form of a new request. */
const Query = RequestListQuery.extend({ new: z.string().optional() })

export default pageOfMember(async function RequestsPage(
  member,
  { searchParams }: { searchParams: PageQuery },
) {
  const at = pathsOf(member)
  const now = member.now.toISOString()
  const query = await readListQuery(Query, searchParams)
  const { q = "", status = "", cursor, limit, new: makes } = query
  const sort = await sortOf(member.id, {
    list: "requests",
    sorts: REQUEST_SORTS,
    asked: query.sort,
  })
  const [list, counts, settings] = await Promise.all([
    listRequests(member.owner, { ...query, sort }),
    countRequests(member.owner, q),
    pageSettings(),
  ])
  const t = await getTranslations("member.requests")
  const lists = await getTranslations("member.lists")
  const shown = { q, status, sort: query.sort, limit: limit?.toString() }
  const filtered = q !== "" || status !== ""
  const hasNone = list.items.length === 0 && !filtered && !cursor
  const make = settings.requests && (
    <NewRequest settings={settings} now={now} opens={makes !== undefined} />
  )
  return (
    <ListPage
      path={at("/requests")}
      query={shown}
      cursor={cursor}
      page={list}
      wide
      title={t("heading")}
      notices={!make && !hasNone && <Notice className="mb-4">{t("offText")}</Notice>}
      {...(!hasNone && {
        beside: make,
        sort: { value: sort, sorts: REQUEST_SORTS, list: "requests" },
        tabs: (["all", ...SHARE_STATUSES] as const).map((tab) => ({
          href: listAddress(at("/requests"), { ...shown, status: tab === "all" ? null : tab }),
          text: lists(`tab.${tab}`),
          count: counts[tab],
          current: tab === (status || "all"),
        })),
      })}
    >
      {list.items.length > 0 ? (
        <RequestList requests={list.items} now={now} settings={settings} />
      ) : hasNone ? (
        <div className="mt-3 rounded-2xl bg-raised px-6 inset-ring inset-ring-line sm:px-8">
          <Empty title={t(make ? "empty" : "off")} action={make}>
            {t(make ? "emptyText" : "offText")}
          </Empty>
        </div>
      ) : (
        <Empty
          title={t(q ? "nothingFound" : "emptyStatus")}
          action={
            <LinkButton href={at("/requests")} variant="quiet" size="sm">
              {t("showAll")}
            </LinkButton>
          }
        />
      )}
    </ListPage>
  )
}, "/requests")
