import { getTranslations } from "next-intl/server"
import { pageOfAdmin, titledForAdmin } from "#app/(member)/page-of.tsx"
import { ListPage } from "#components/lists/list-page.tsx"
import { LinkButton } from "#components/ui/button.tsx"
import { Empty } from "#components/ui/empty.tsx"
import { listAllRequests } from "#lib/rooms/requests/read-requests.ts"
import { AllRequestsQuery, REQUEST_SORTS } from "#lib/rooms/requests/request.ts"
import { SHARE_STATUSES } from "#lib/rooms/shares/share.ts"
import { listAddress, type PageQuery, readListQuery } from "#lib/web/list-address.ts"
import { AdminRequestList } from "./admin-request-list.tsx"

export const generateMetadata = titledForAdmin("admin.requests.heading")

export default pageOfAdmin(async function AdminRequestsPage(
  admin,
  { searchParams }: { searchParams: PageQuery },
) {
  const query = await readListQuery(AllRequestsQuery, searchParams)
  const list = await listAllRequests(admin.adminId, query)
  const { items, total } = list
  const t = await getTranslations("admin.requests")
  const words = await getTranslations("member.shares")
  const { q = "", status = "", ownerId = "", sort = "-created", cursor, limit } = query
  const [first] = items
  return (
    <ListPage
      path="/admin/requests"
      query={{ q, status, ownerId, sort, limit: limit?.toString() }}
      cursor={cursor}
      page={list}
      title={ownerId && first ? t("headingOf", { name: first.owner.name }) : t("heading")}
      lead={
        <>
          <p className="text-sm text-soft">
            {t("count", { count: total ?? 1_000, more: total === null ? "yes" : "no" })}
          </p>
          {ownerId && (
            <LinkButton
              href={listAddress("/admin/requests", { q, status })}
              variant="text"
              size="sm"
              className="-ms-3.25"
            >
              {t("everyone")}
            </LinkButton>
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
      sort={{ value: sort, sorts: REQUEST_SORTS }}
    >
      {items.length > 0 ? (
        <AdminRequestList requests={items} now={admin.now.toISOString()} />
      ) : (
        <Empty title={t(q || status || ownerId ? "nothingFound" : "empty")} />
      )}
    </ListPage>
  )
}, "/admin")
