import { getTranslations } from "next-intl/server"
import type { ReactNode } from "react"
import { ListPage } from "#components/lists/list-page.tsx"
import type { Filter } from "#components/lists/list-search.tsx"
import type { SortSelectProps } from "#components/lists/sort-select.tsx"
import { LinkButton } from "#components/ui/button.tsx"
import { Empty } from "#components/ui/empty.tsx"
import type { ListQuery } from "#lib/adapters/database/list-query.ts"
import type { ListedOf } from "#lib/adapters/database/sorted-page.ts"
import { SHARE_STATUSES } from "#lib/rooms/shares/share.ts"
import { listAddress } from "#lib/web/list-address.ts"

type Owner = { id: string; name: string }

type AdminListPageProps = {
  of: "shares" | "requests" | "files"
  query: ListQuery & {
    status?: string | undefined
    ownerId?: string | undefined
    sort?: string | undefined
  }
  list: ListedOf<{ owner: Owner }>
  sorts: SortSelectProps["sorts"]
  /** The statuses to filter by; those of shares by default. */
  statuses?: Filter["items"]
  /** Links beside "show all", on the list of one owner. */
  ofOwner?: (owner: Owner) => ReactNode
  notices?: ReactNode
  /** The list, if it is not empty. */
  children: ReactNode
}

/** A page with a list of all members' shares, requests or files, or with those of one owner. */
export async function AdminListPage(props: AdminListPageProps) {
  const { of, query, list, sorts, statuses, ofOwner, notices, children } = props
  const t = await getTranslations(`admin.${of}`)
  const words = await getTranslations("member.shares")
  const path = `/admin/${of}`
  const { q = "", status = "", ownerId = "", sort = "-created", cursor, limit } = query
  const { items, total } = list
  const owner = ownerId ? items[0]?.owner : undefined
  return (
    <ListPage
      path={path}
      query={{ q, status, ownerId, sort, limit: limit?.toString() }}
      cursor={cursor}
      page={list}
      title={owner ? t("headingOf", { name: owner.name }) : t("heading")}
      lead={
        <>
          <p className="text-sm text-soft">
            {t("count", { count: total ?? 1_000, more: total === null ? "yes" : "no" })}
          </p>
          {ownerId && (
            <div className="-ms-3.25 flex flex-wrap">
              <LinkButton href={listAddress(path, { q, status })} variant="text" size="sm">
                {t("everyone")}
              </LinkButton>
              {owner && ofOwner?.(owner)}
            </div>
          )}
        </>
      }
      searchLabel={t("searchLabel")}
      filter={{
        name: "status",
        label: words("statusLabel"),
        value: status,
        items: statuses ?? [
          { value: "", label: words("status.all") },
          ...SHARE_STATUSES.map((value) => ({ value, label: words(`status.${value}`) })),
        ],
      }}
      sort={{ value: sort, sorts }}
      notices={notices}
    >
      {items.length > 0 ? (
        children
      ) : (
        <Empty title={t(q || status || ownerId ? "nothingFound" : "empty")} />
      )}
    </ListPage>
  )
}
