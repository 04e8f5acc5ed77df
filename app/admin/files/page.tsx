import { getTranslations } from "next-intl/server"
import { pageOfAdmin, titledForAdmin } from "#app/(member)/page-of.tsx"
import { ListPage } from "#components/lists/list-page.tsx"
import { LinkButton } from "#components/ui/button.tsx"
import { Empty } from "#components/ui/empty.tsx"
import { AllFilesQuery, FILE_SORTS, listAllFiles } from "#lib/rooms/admin/list-all-files.ts"
import { listAddress, type PageQuery, readListQuery } from "#lib/web/list-address.ts"
import { AdminFileList } from "./admin-file-list.tsx"

export const generateMetadata = titledForAdmin("admin.files.heading")

/** The page with the files of all members. */
export default pageOfAdmin(async function AdminFilesPage(
  admin,
  { searchParams }: { searchParams: PageQuery },
) {
  const query = await readListQuery(AllFilesQuery, searchParams)
  const list = await listAllFiles(admin.adminId, query)
  const { items, total } = list
  const t = await getTranslations("admin.files")
  const { q = "", status = "", ownerId = "", sort = "-created", cursor, limit } = query
  const owner = ownerId ? items[0]?.owner : undefined
  return (
    <ListPage
      path="/admin/files"
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
            <LinkButton
              href={listAddress("/admin/files", { q, status })}
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
        label: t("statusLabel"),
        value: status,
        items: [
          { value: "", label: t("status.all") },
          { value: "ready", label: t("status.ready") },
          { value: "uploading", label: t("status.uploading") },
          { value: "checking", label: t("status.checking") },
          { value: "held", label: t("status.held") },
        ],
      }}
      sort={{ value: sort, sorts: FILE_SORTS }}
    >
      {items.length > 0 ? (
        <AdminFileList files={items} now={admin.now.toISOString()} />
      ) : (
        <Empty title={t(q || status || ownerId ? "nothingFound" : "empty")} />
      )}
    </ListPage>
  )
}, "/admin")
