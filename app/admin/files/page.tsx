import { getTranslations } from "next-intl/server"
import { pageOfAdmin, titledForAdmin } from "#app/(member)/page-of.tsx"
import { ListSearch } from "#components/lists/list-search.tsx"
import { SortSelect } from "#components/lists/sort-select.tsx"
import { LinkButton } from "#components/ui/button.tsx"
import { Empty } from "#components/ui/empty.tsx"
import { Pager } from "#components/ui/tables/pager.tsx"
import { AllFilesQuery, FILE_SORTS, listAllFiles } from "#lib/admin/list-all-files.ts"
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
  const lists = await getTranslations("member.lists")
  const { q = "", status = "", ownerId = "", sort = "-created", cursor, limit } = query
  const shown = { q, status, ownerId, sort, limit: limit?.toString() }
  const href = (at: string | null) => listAddress("/admin/files", { ...shown, cursor: at })
  const owner = ownerId ? items[0]?.owner : undefined
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
              href={listAddress("/admin/files", { q, status })}
              variant="text"
              size="sm"
              className="-ms-3.25"
            >
              {t("everyone")}
            </LinkButton>
          )}
        </div>
        <ListSearch
          path="/admin/files"
          label={t("searchLabel")}
          q={q}
          keep={ownerId ? { ownerId } : {}}
          filter={{
            name: "status",
            label: t("statusLabel"),
            value: status,
            items: [
              { value: "", label: t("status.all") },
              { value: "ready", label: t("status.ready") },
              { value: "uploading", label: t("status.uploading") },
            ],
          }}
        >
          <SortSelect
            label={lists("sortLabel")}
            value={sort}
            items={FILE_SORTS.map((value) => ({ value, text: lists(`sort.${value}`) }))}
          />
        </ListSearch>
      </div>
      {items.length > 0 ? (
        <AdminFileList files={items} now={admin.now.toISOString()} />
      ) : (
        <Empty title={t(q || status || ownerId ? "nothingFound" : "empty")} />
      )}
      <Pager at={cursor} page={list} href={href} />
    </>
  )
}, "/admin")
