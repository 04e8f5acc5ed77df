import { getTranslations } from "next-intl/server"
import { cache } from "react"
import { pageOfAuditor } from "#app/(member)/page-of.tsx"
import { metadataOrOutage } from "#app/or-outage.tsx"
import { TeamPeople } from "#components/accounts/teams/team-people.tsx"
import { ReadOnly } from "#components/calls/read-only.tsx"
import { DetailHead } from "#components/pages/detail/detail-head.tsx"
import { Section } from "#components/pages/section.tsx"
import { providerName } from "#lib/adapters/configuration.ts"
import { isAdmin } from "#lib/rooms/accounts/member.ts"
import { listPeople } from "#lib/rooms/accounts/teams/change-people.ts"
import { findTeam } from "#lib/rooms/accounts/teams/list-teams.ts"
import { findLegalHold } from "#lib/rooms/admin/legal-holds.ts"
import { countOfMembers } from "#lib/rooms/admin/member-counts.ts"
import { auditorPage } from "#lib/web/sign-in/current-session.ts"
import { LegalHoldPart } from "../../legal-hold.tsx"
import { TeamEnd } from "./team-end.tsx"
import { TeamForm } from "./team-form.tsx"

type Props = { params: Promise<{ id: string }> }

// Cached because both the title and the page call it.
const teamOf = cache(async (id: string) => findTeam((await auditorPage()).auditorId, id))

export const generateMetadata = metadataOrOutage(async ({ params }: Props) => {
  const { name } = await teamOf((await params).id)
  return { title: name }
})

/** Shows a team to admins and auditors: its people and settings, without its files. */
export default pageOfAuditor(async function TeamPage(reader, { params }: Props) {
  const team = await teamOf((await params).id)
  const [people, hold, counts] = await Promise.all([
    listPeople(reader, team.id),
    findLegalHold(reader.auditorId, team.id),
    countOfMembers(reader.auditorId, [team.id], Number.MAX_SAFE_INTEGER),
  ])
  const { openShares = 0, shares = 0, openRequests = 0, files = 0 } = counts.get(team.id) ?? {}
  const canManage = isAdmin(reader)
  const t = await getTranslations("admin.teams")
  const title = (await getTranslations("common.adminNav"))("teams")
  return (
    <>
      <DetailHead
        back={{ href: "/admin/teams", text: title }}
        title={team.name}
        line={<bdi>/t/{team.slug}</bdi>}
      />
      <Section title={t("members")}>
        <TeamPeople team={team} people={people} canManage={canManage} me={reader.id} />
      </Section>
      <Section title={t("settings")}>
        <ReadOnly unless={canManage}>
          <TeamForm key={JSON.stringify(team)} team={team} hasProvider={providerName() !== null} />
        </ReadOnly>
      </Section>
      {(hold || canManage) && (
        <Section title={(await getTranslations("admin.members"))("legalHold")}>
          <LegalHoldPart
            of="member"
            id={team.id}
            name={team.name}
            hold={hold}
            readOnly={!canManage}
          />
        </Section>
      )}
      {canManage && (
        <Section title={t("end")}>
          <TeamEnd team={team} counts={{ openShares, shares, openRequests, files }} />
        </Section>
      )}
    </>
  )
}, "/admin/teams")
