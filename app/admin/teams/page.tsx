import { getLocale, getTranslations } from "next-intl/server"
import { pageOfAuditor, titledForAuditor } from "#app/(member)/page-of.tsx"
import { Empty } from "#components/ui/empty.tsx"
import { Table } from "#components/ui/tables/table.tsx"
import { TextLink } from "#components/ui/text-link.tsx"
import { providerName } from "#lib/adapters/configuration.ts"
import { formatBytes } from "#lib/adapters/text/format-bytes.ts"
import { isAdmin } from "#lib/rooms/accounts/member.ts"
import { listTeams } from "#lib/rooms/accounts/teams/list-teams.ts"
import { NewTeam } from "./new-team.tsx"

export const generateMetadata = titledForAuditor("common.adminNav.teams")

/** Lists the teams. */
export default pageOfAuditor(async function TeamsPage(reader) {
  const teams = await listTeams(reader.auditorId)
  const t = await getTranslations("admin.teams")
  const title = (await getTranslations("common.adminNav"))("teams")
  const locale = await getLocale()
  return (
    <>
      <div className="mb-6 flex flex-wrap items-center justify-between gap-4">
        <h1 className="text-title">{title}</h1>
        {isAdmin(reader) && <NewTeam hasProvider={providerName() !== null} />}
      </div>
      {teams.length === 0 ? (
        <Empty title={t("empty")}>{t("emptyText")}</Empty>
      ) : (
        <Table
          rows={teams}
          columns={[
            {
              head: t("name"),
              className: "wrap-anywhere",
              cell: ({ id, name }) => <TextLink href={`/admin/teams/${id}`}>{name}</TextLink>,
            },
            { head: t("slug"), className: "max-sm:hidden", cell: ({ slug }) => slug },
            {
              head: t("members"),
              numeric: true,
              cell: ({ members }) => members.toLocaleString(locale),
            },
            {
              head: t("used"),
              numeric: true,
              cell: ({ usedBytes }) => formatBytes(usedBytes, locale),
            },
          ]}
        />
      )}
    </>
  )
}, "/admin/teams")
