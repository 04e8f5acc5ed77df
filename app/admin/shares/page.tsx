import { getTranslations } from "next-intl/server"
import { pageOfAuditor, titledForAuditor } from "#app/(member)/page-of.tsx"
import { AskedShares } from "#components/shares/asked-shares.tsx"
import { OpenChanges } from "#components/shares/open-changes.tsx"
import { LinkButton } from "#components/ui/button.tsx"
import { isAdmin } from "#lib/rooms/accounts/member.ts"
import { listAskedSharesAsAdmin } from "#lib/rooms/questions/list-asked-shares.ts"
import { listOpenChanges } from "#lib/rooms/shares/bulk/open-changes.ts"
import { listAllShares } from "#lib/rooms/shares/list/list-shares.ts"
import { AllSharesQuery, SHARE_SORTS } from "#lib/rooms/shares/share.ts"
import { type PageQuery, readListQuery } from "#lib/web/list-address.ts"
import { AdminListPage } from "../admin-list-page.tsx"
import { AdminShareList } from "./admin-share-list.tsx"

export const generateMetadata = titledForAuditor("admin.shares.heading")

export default pageOfAuditor(async function AdminSharesPage(
  admin,
  { searchParams }: { searchParams: PageQuery },
) {
  const query = await readListQuery(AllSharesQuery, searchParams)
  const [list, asked, changes] = await Promise.all([
    listAllShares(admin, query),
    listAskedSharesAsAdmin(admin.auditorId),
    listOpenChanges(admin.auditorId),
  ])
  const t = await getTranslations("admin.shares")
  return (
    <AdminListPage
      of="shares"
      query={query}
      list={list}
      sorts={SHARE_SORTS}
      ofOwner={({ id, name }) =>
        isAdmin(admin) && (
          <LinkButton href={`/admin/panic?what=member&ownerId=${id}`} variant="text" size="sm">
            {t("revokeOwner", { name })}
          </LinkButton>
        )
      }
      notices={
        <>
          <OpenChanges changes={changes} linked={isAdmin(admin)} />
          <AskedShares shares={asked} path="/admin/shares" />
        </>
      }
    >
      <AdminShareList
        shares={list.items}
        asked={asked}
        now={admin.now.toISOString()}
        readOnly={!isAdmin(admin)}
      />
    </AdminListPage>
  )
}, "/admin")
