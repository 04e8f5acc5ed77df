import { getTranslations } from "next-intl/server"
import { pageOfAuditor, titledForAuditor } from "#app/(member)/page-of.tsx"
import { isAdmin } from "#lib/rooms/accounts/member.ts"
import { AllFilesQuery, FILE_SORTS, listAllFiles } from "#lib/rooms/admin/list-all-files.ts"
import { type PageQuery, readListQuery } from "#lib/web/list-address.ts"
import { AdminListPage } from "../admin-list-page.tsx"
import { AdminFileList } from "./admin-file-list.tsx"

export const generateMetadata = titledForAuditor("admin.files.heading")

/** The page with the files of all members. */
export default pageOfAuditor(async function AdminFilesPage(
  admin,
  { searchParams }: { searchParams: PageQuery },
) {
  const query = await readListQuery(AllFilesQuery, searchParams)
  const list = await listAllFiles(admin.auditorId, query)
  const t = await getTranslations("admin.files.status")
  return (
    <AdminListPage
      of="files"
      query={query}
      list={list}
      sorts={FILE_SORTS}
      statuses={[
        { value: "", label: t("all") },
        { value: "ready", label: t("ready") },
        { value: "uploading", label: t("uploading") },
        { value: "checking", label: t("checking") },
        { value: "held", label: t("held") },
      ]}
    >
      <AdminFileList files={list.items} now={admin.now.toISOString()} readOnly={!isAdmin(admin)} />
    </AdminListPage>
  )
}, "/admin")
