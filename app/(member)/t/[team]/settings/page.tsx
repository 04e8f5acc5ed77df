import { getTranslations } from "next-intl/server"
import { pageOfMember } from "#app/(member)/page-of.tsx"
import { DefaultsForm } from "#app/(member)/settings/defaults-form.tsx"
import { NoticesSwitch } from "#app/(member)/settings/notices-switch.tsx"
import { titled } from "#app/or-outage.tsx"
import { TeamPeople } from "#components/accounts/teams/team-people.tsx"
import { TokenSection } from "#components/accounts/tokens/token-section.tsx"
import { Usage } from "#components/files/usage.tsx"
import { FormSection } from "#components/pages/section.tsx"
import { configuration } from "#lib/adapters/configuration.ts"
import { refusal } from "#lib/adapters/text/sentences.ts"
import { hasNotices } from "#lib/rooms/accounts/profile/notices.ts"
import { listPeople } from "#lib/rooms/accounts/teams/change-people.ts"
import { listTokens } from "#lib/rooms/accounts/tokens/list-tokens.ts"
import { mayGive, SCOPES } from "#lib/rooms/accounts/tokens/token.ts"
import { readUsage } from "#lib/rooms/files/objects/quota.ts"
import { findShareDefaults } from "#lib/rooms/shares/edit/member-share-defaults.ts"
import { usualDays } from "#lib/rooms/shares/edit/share-defaults.ts"
import { pageSettings } from "#lib/web/page-settings.ts"

export const generateMetadata = titled("common.nav.team")

/** A team's people, tokens and defaults, for its members. */
export default pageOfMember(async function TeamPage(member) {
  const { id, owner, team, email, now } = member
  if (!team) throw refusal("not_found", "no_team")
  const [people, tokens, defaults, settings, usage, notices] = await Promise.all([
    listPeople(member, team.id),
    listTokens(member),
    findShareDefaults(owner),
    pageSettings(),
    readUsage(owner),
    hasNotices(member),
  ])
  const t = await getTranslations("accounts")
  return (
    <>
      <h1 className="mb-3 text-title wrap-anywhere">
        <bdi>{team.name}</bdi>
      </h1>
      <Usage usage={usage} />
      <FormSection id="people" title={t("teams.people")}>
        <TeamPeople team={team} people={people} canManage={team.manager} me={id} />
      </FormSection>
      <FormSection id="tokens" title={t("tokens.title")} lead={t("tokens.leadTeam")}>
        <TokenSection
          tokens={tokens.items}
          scopes={SCOPES.filter((scope) => mayGive(member, scope))}
          ofTeam
          offersService={team.manager}
          now={now.toISOString()}
        />
      </FormSection>
      <DefaultsForm
        defaults={defaults}
        days={usualDays(defaults, settings)}
        settings={settings}
        mintTtlSeconds={configuration.MINT_TTL_SECONDS}
      />
      <FormSection id="notifications" title={t("notices.title")} lead={t("notices.lead")}>
        <NoticesSwitch notices={notices} email={email} mail={settings.mail} />
      </FormSection>
    </>
  )
}, "/settings")
