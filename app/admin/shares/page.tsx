import { getTranslations } from "next-intl/server"
import { pageOfAdmin, titledForAdmin } from "#app/(member)/page-of.tsx"
import { ListPage } from "#components/lists/list-page.tsx"
import { AskedShares } from "#components/shares/asked-shares.tsx"
import { OpenChanges } from "#components/shares/open-changes.tsx"
import { LinkButton } from "#components/ui/button.tsx"
import { Empty } from "#components/ui/empty.tsx"
import { listAskedSharesAsAdmin } from "#lib/rooms/questions/list-asked-shares.ts"
import { listOpenChanges } from "#lib/rooms/shares/bulk/open-changes.ts"
import { listAllShares } from "#lib/rooms/shares/list/list-shares.ts"
import { AllSharesQuery, SHARE_SORTS, SHARE_STATUSES } from "#lib/rooms/shares/share.ts"
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
  const { q = "", status = "", ownerId = "", sort = "-created", cursor, limit } = query
  const [first] = items
  const owner = ownerId && first ? first.owner : null
  return (
    <ListPage
      path="/admin/shares"
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
              <LinkButton
                href={listAddress("/admin/shares", { q, status })}
                variant="text"
                size="sm"
              >
                {t("everyone")}
              </LinkButton>
              {owner && (
                <LinkButton
                  href={`/admin/panic?what=member&ownerId=${owner.id}`}
                  variant="text"
                  size="sm"
                >
                  {t("revokeOwner", { name: owner.name })}
                </LinkButton>
              )}
            </div>
          )}
        </>
      }
      searchLabel={t("searchLabel")}
      filter={{
        name: "status",
        label: words("statusLabel"),
        value: status,
        items: [
          { value: "", label: words("status.all") },
          ...SHARE_STATUSES.map((value) => ({ value, label: words(`status.${value}`) })),
        ],
      }}
      sort={{ value: sort, sorts: SHARE_SORTS }}
      notices={
        <>
          <OpenChanges changes={changes} linked />
          <AskedShares shares={asked} path="/admin/shares" />
        </>
      }
    >
      {items.length > 0 ? (
        <AdminShareList shares={items} asked={asked} now={admin.now.toISOString()} />
      ) : (
        <Empty title={t(q || status || ownerId ? "nothingFound" : "empty")} />
      )}
    </ListPage>
  )
}, "/admin")
