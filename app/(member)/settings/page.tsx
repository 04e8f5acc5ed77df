import { headers } from "next/headers"
import { getTranslations } from "next-intl/server"
import { pageOfMember } from "#app/(member)/page-of.tsx"
import { SignOutButton } from "#app/(member)/sign-out-button.tsx"
import { titled } from "#app/or-outage.tsx"
import { AccountRow } from "#components/accounts/account-row.tsx"
import { InviteActions } from "#components/accounts/invite-actions.tsx"
import { InviteList } from "#components/accounts/invite-list.tsx"
import { PasskeySection } from "#components/accounts/passkeys/passkey-section.tsx"
import { AppSection } from "#components/accounts/second-factor/app-section.tsx"
import { TokenSection } from "#components/accounts/tokens/token-section.tsx"
import { type SectionLink, SectionLinks } from "#components/nav/section-links.tsx"
import { FormSection, Section } from "#components/pages/section.tsx"
import { ROLE_KEYS } from "#components/role-keys.ts"
import { LocalTime } from "#components/time/local-time.tsx"
import { Badge } from "#components/ui/badge.tsx"
import { Notice } from "#components/ui/notice.tsx"
import { configuration, providerName } from "#lib/adapters/configuration.ts"
import { describeUserAgent } from "#lib/adapters/http/user-agent.ts"
import { countGuesses } from "#lib/adapters/throttle/attempt-limits.ts"
import { listOwnInvites } from "#lib/rooms/accounts/invites/list-invites.ts"
import { inviteNeedsAddress } from "#lib/rooms/accounts/invites/usable.ts"
import { isAuditor } from "#lib/rooms/accounts/member.ts"
import { listPasskeys } from "#lib/rooms/accounts/passkeys/list-passkeys.ts"
import { passkeyHost, whyNoPasskeys } from "#lib/rooms/accounts/passkeys/passkey-host.ts"
import { hasNotices } from "#lib/rooms/accounts/profile/notices.ts"
import { findSignInWays } from "#lib/rooms/accounts/provider/find-sign-in-ways.ts"
import { findSecondFactor } from "#lib/rooms/accounts/second-factor/set-second-factor.ts"
import { listSessions } from "#lib/rooms/accounts/sign-in/session.ts"
import { listTokens } from "#lib/rooms/accounts/tokens/list-tokens.ts"
import { mayGive, SCOPES } from "#lib/rooms/accounts/tokens/token.ts"
import { findShareDefaults } from "#lib/rooms/shares/edit/member-share-defaults.ts"
import { usualDays } from "#lib/rooms/shares/edit/share-defaults.ts"
import { pageSettings } from "#lib/web/page-settings.ts"
import { ChangeName } from "./change-name.tsx"
import { ChangePassword } from "./change-password.tsx"
import { DefaultsForm } from "./defaults-form.tsx"
import { EndOtherSessions } from "./end-session.tsx"
import { InviteSomeoneForm } from "./invite-someone-form.tsx"
import { LanguageSelect } from "./language-select.tsx"
import { NoticesSwitch } from "./notices-switch.tsx"
import { SessionList } from "./session-list.tsx"

/** Fewer wrong passwords are probably the member's own mistakes. */
const MIN_GUESSES_SHOWN = 5

function placeOfPasskeys() {
  const host = passkeyHost()
  return host === null ? { why: whyNoPasskeys() ?? ("not_https" as const) } : { host }
}

export const generateMetadata = titled("accounts.settings.title")

export default pageOfMember(async function SettingsPage(member) {
  const { id, owner, sessionId, name, email, language, now } = member
  const [attempts, defaults, settings, sessions, notices, invites, passkeys, factor, ways, tokens] =
    await Promise.all([
      countGuesses("sign_in", email),
      findShareDefaults(owner),
      pageSettings(),
      listSessions(id, sessionId),
      hasNotices({ id, team: null }),
      listOwnInvites(id),
      listPasskeys(id),
      findSecondFactor(id),
      findSignInWays(id),
      listTokens(member),
    ])
  const agent = describeUserAgent((await headers()).get("user-agent") ?? "")
  const t = await getTranslations("accounts")
  const roles = await getTranslations("admin.members")
  const provider = providerName() ?? ""
  const links: SectionLink[] = [
    { id: "security", text: t("settings.securityTitle") },
    { id: "tokens", text: t("tokens.title") },
    { id: "defaults", text: (await getTranslations("member.defaults"))("title") },
    { id: "notifications", text: t("notices.title") },
    { id: "language", text: t("language.title") },
    ...(settings.inviters === "members" ? [{ id: "invite", text: t("inviteSomeone.title") }] : []),
  ]
  return (
    <>
      <div className="flex items-center justify-between gap-4">
        <h1 className="text-title">{t("settings.title")}</h1>
        <div className="-my-1 -me-2 md:hidden [&_button]:min-h-11 [&_button]:px-3">
          <SignOutButton />
        </div>
      </div>
      <div className="xl:grid xl:grid-cols-[minmax(0,1fr)_11rem] xl:gap-x-12">
        <SectionLinks label={t("settings.sections")} links={links} />
        <div className="min-w-0">
          <div className="mt-5 flex flex-wrap items-center gap-x-4 gap-y-3">
            <span
              aria-hidden
              className="grid size-12 shrink-0 place-items-center rounded-full bg-selected text-lg font-semibold text-soft"
            >
              {[...name][0]}
            </span>
            <div className="min-w-0 grow basis-48 wrap-anywhere">
              <p className="flex flex-wrap items-center gap-x-2.5 text-note font-semibold">
                <bdi>{name}</bdi>
                {isAuditor(member) && <Badge>{roles(ROLE_KEYS[member.role])}</Badge>}
              </p>
              <p className="text-soft">{email}</p>
            </div>
            {ways.linkedAt ? (
              <p className="max-w-80 text-sm text-soft">{t("settings.nameLinked", { provider })}</p>
            ) : (
              <ChangeName name={name} />
            )}
          </div>
          {attempts.guesses >= MIN_GUESSES_SHOWN && (
            <Notice tone="warning" className="mt-6 max-w-160">
              {t("settings.guesses", attempts)}
            </Notice>
          )}
          <Section id="security" title={t("settings.securityTitle")}>
            {ways.password && (
              <>
                <AccountRow
                  id="password"
                  title={t("password")}
                  text={t("settings.passwordLead")}
                  action={<ChangePassword email={email} />}
                />
                <PasskeySection
                  passkeys={passkeys.items}
                  place={placeOfPasskeys()}
                  suggestedName={agent ?? t("passkeys.thisDevice")}
                  now={now.toISOString()}
                />
                <AppSection factor={factor} />
              </>
            )}
            {ways.linkedAt && (
              <AccountRow
                id="provider"
                title={t("provider.title", { name: provider })}
                text={t.rich("provider.linked", {
                  name: provider,
                  since: () => <LocalTime at={ways.linkedAt ?? ""} form="date" now={now} />,
                })}
              />
            )}
            <AccountRow
              id="sessions"
              title={t("sessions.title")}
              text={t("sessions.lead")}
              action={sessions.items.length > 1 && <EndOtherSessions />}
            >
              <SessionList sessions={sessions.items} now={now.toISOString()} />
            </AccountRow>
          </Section>
          <FormSection id="tokens" title={t("tokens.title")} lead={t("tokens.lead")}>
            <TokenSection
              tokens={tokens.items}
              scopes={SCOPES.filter((scope) => mayGive(member, scope))}
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
          <FormSection id="language" title={t("language.title")} lead={t("language.lead")}>
            <LanguageSelect chosen={language} />
          </FormSection>
          {settings.inviters === "members" && (
            <FormSection
              id="invite"
              title={t("inviteSomeone.title")}
              lead={t("inviteSomeone.lead")}
            >
              <InviteSomeoneForm mail={settings.mail} needsAddress={inviteNeedsAddress()} />
              {invites.length > 0 && (
                <div className="w-full max-w-140">
                  <h3 className="mb-2 font-semibold">{t("inviteSomeone.yours")}</h3>
                  <InviteList
                    invites={invites}
                    now={now}
                    action={(one, who) => (
                      <InviteActions
                        invite={one}
                        who={who}
                        at={
                          one.role === "admin"
                            ? "POST /admin/users/invites/{id}"
                            : "POST /invites/{id}"
                        }
                        mail={settings.mail}
                      />
                    )}
                  />
                </div>
              )}
            </FormSection>
          )}
        </div>
      </div>
    </>
  )
}, "/settings")
