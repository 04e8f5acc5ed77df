import { pageOfAuditor, titledForAuditor } from "#app/(member)/page-of.tsx"
import { isAdmin } from "#lib/rooms/accounts/member.ts"
import { listAllRequests } from "#lib/rooms/requests/read-requests.ts"
import { AllRequestsQuery, REQUEST_SORTS } from "#lib/rooms/requests/request.ts"
import { type PageQuery, readListQuery } from "#lib/web/list-address.ts"
import { AdminListPage } from "../admin-list-page.tsx"
import { AdminRequestList } from "./admin-request-list.tsx"

export const generateMetadata = titledForAuditor("admin.requests.heading")

export default pageOfAuditor(async function AdminRequestsPage(
  admin,
  { searchParams }: { searchParams: PageQuery },
) {
  const query = await readListQuery(AllRequestsQuery, searchParams)
  const list = await listAllRequests(admin, query)
  return (
    <AdminListPage of="requests" query={query} list={list} sorts={REQUEST_SORTS}>
      <AdminRequestList
        requests={list.items}
        now={admin.now.toISOString()}
        readOnly={!isAdmin(admin)}
      />
    </AdminListPage>
  )
}, "/admin")
