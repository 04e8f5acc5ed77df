import { getTranslations } from "next-intl/server"
import { pageOfAdmin, titledForAdmin } from "#app/(member)/page-of.tsx"
import { ListSearch } from "#components/lists/list-search.tsx"
import { SortSelect } from "#components/lists/sort-select.tsx"
import { AskedShares } from "#components/shares/asked-shares.tsx"
import { OpenChanges } from "#components/shares/open-changes.tsx"
import { LinkButton } from "#components/ui/button.tsx"
import { Empty } from "#components/ui/empty.tsx"
import { Pager } from "#components/ui/tables/pager.tsx"
import { listAskedSharesAsAdmin } from "#lib/questions/list-asked-shares.ts"
import { listOpenChanges } from "#lib/shares/bulk/open-changes.ts"
import { listAllShares } from "#lib/shares/list/list-shares.ts"
import { AllSharesQuery, SHARE_SORTS, SHARE_STATUSES } from "#lib/shares/share.ts"
import { listAddress, type PageQuery, readListQuery } from "#lib/web/list-address.ts"
import { AdminShareList } from "./admin-share-list.tsx"

export const generateMetadata = titledForAdmin("admin.shares.heading")

export default pageOfAdmin(async function AdminSharesPage(
  admin,
  { searchParams }: { searchParams: PageQuery },
) {
  const query = await readListQuery(AllSharesQuery, searchParams)
  const [list, asked, changes] = await Promise.all([
    listAllShares(admin.adminId, query),
    listAskedSharesAsAdmin(admin.adminId),
    listOpenChanges(admin.adminId),
  ])
  const { items, total } = list
  const t = await getTranslations("admin.shares")
  const words = await getTranslations("member.shares")
  const lists = await getTranslations("member.lists")
  const { q = "", status = "", ownerId = "", sort = "-created", cursor, limit } = query
  const shown = { q, status, ownerId, sort, limit: limit?.toString() }
  const href = (at: string | null) => listAddress("/admin/shares", { ...shown, cursor: at })
  const [first] = items
  const owner = ownerId && first ? first.owner : null
  return (
    <>
      <div className="mb-3 flex flex-wrap items-end justify-between gap-x-6 gap-y-3">
        <div>
          <h1 className="text-title">
            {owner ? t("headingOf", { name: owner.name }) : t("heading")}
          </h1>
          <p className="text-sm text-soft">
            {t("count", { count: total ?? 1_000, more: total === null ? "yes" : "no" })}
          </p>
          {ownerId && (
            <LinkButton
              href={listAddress("/admin/shares", { q, status })}
              variant="text"
              size="sm"
              className="-ms-3.25"
            >
              {t("everyone")}
            </LinkButton>
          )}
        </div>
        <ListSearch
          path="/admin/shares"
          label={t("searchLabel")}
          q={q}
          keep={ownerId ? { ownerId } : {}}
          filter={{
            name: "status",
            label: words("statusLabel"),
            value: status,
            items: [
              { value: "", label: words("status.all") },
              ...SHARE_STATUSES.map((value) => ({ value, label: words(`status.${value}`) })),
            ],
          }}
        >
          <SortSelect
            label={lists("sortLabel")}
            value={sort}
            items={SHARE_SORTS.map((value) => ({ value, text: lists(`sort.${value}`) }))}
          />
        </ListSearch>
      </div>
      <OpenChanges changes={changes} linked />
      <AskedShares shares={asked} path="/admin/shares" />
      {items.length > 0 ? (
        <AdminShareList shares={items} asked={asked} now={admin.now.toISOString()} owner={owner} />
      ) : (
        <Empty title={t(q || status || ownerId ? "nothingFound" : "empty")} />
      )}
      <Pager at={cursor} page={list} href={href} />
    </>
  )
}, "/admin")
