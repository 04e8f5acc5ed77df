import { headers } from "next/headers"
import { getTranslations } from "next-intl/server"
import { pageOfMember } from "#app/(member)/page-of.tsx"
import { titled } from "#app/or-outage.tsx"
import { InviteActions } from "#components/accounts/invite-actions.tsx"
import { InviteList } from "#components/accounts/invite-list.tsx"
import { PasskeySection } from "#components/accounts/passkeys/passkey-section.tsx"
import { AppSection } from "#components/accounts/second-factor/app-section.tsx"
import { FormSection, Section } from "#components/pages/section.tsx"
import { LocalTime } from "#components/time/local-time.tsx"
import { Notice } from "#components/ui/notice.tsx"
import { configuration, providerName } from "#lib/adapters/configuration.ts"
import { describeUserAgent } from "#lib/adapters/http/user-agent.ts"
import { countGuesses } from "#lib/adapters/throttle/attempt-limits.ts"
import { listOwnInvites } from "#lib/rooms/accounts/invites/list-invites.ts"
import { inviteNeedsAddress } from "#lib/rooms/accounts/invites/usable.ts"
import { listPasskeys } from "#lib/rooms/accounts/passkeys/list-passkeys.ts"
import { passkeyHost, whyNoPasskeys } from "#lib/rooms/accounts/passkeys/passkey-host.ts"
import { hasNotices } from "#lib/rooms/accounts/profile/notices.ts"
import { findSignInWays } from "#lib/rooms/accounts/provider/find-sign-in-ways.ts"
import { findSecondFactor } from "#lib/rooms/accounts/second-factor/set-second-factor.ts"
import { listSessions } from "#lib/rooms/accounts/sign-in/session.ts"
import { findShareDefaults } from "#lib/rooms/shares/edit/member-share-defaults.ts"
import { usualDays } from "#lib/rooms/shares/edit/share-defaults.ts"
import { pageSettings } from "#lib/web/page-settings.ts"
import { InviteSomeoneForm } from "./invite-someone-form.tsx"
import { LanguageSelect } from "./language-select.tsx"
import { NoticesSwitch } from "./notices-switch.tsx"
import { PasswordForm } from "./password-form.tsx"
import { ProfileForm } from "./profile-form.tsx"
import { SessionList } from "./session-list.tsx"

/** Fewer wrong passwords are probably the member's own mistakes. */
const MIN_GUESSES_SHOWN = 5

function placeOfPasskeys() {
  const host = passkeyHost()
  return host === null ? { why: whyNoPasskeys() ?? ("not_https" as const) } : { host }
}

export const generateMetadata = titled("accounts.settings.title")

export default pageOfMember(async function SettingsPage(member) {
  const { id, sessionId, name, email, language, now } = member
  const [attempts, defaults, settings, sessions, notices, invites, passkeys, factor, ways] =
    await Promise.all([
      countGuesses("sign_in", email),
      findShareDefaults(id),
      pageSettings(),
      listSessions(id, sessionId),
      hasNotices(id),
      listOwnInvites(id),
      listPasskeys(id),
      findSecondFactor(id),
      findSignInWays(id),
    ])
  const agent = describeUserAgent((await headers()).get("user-agent") ?? "")
  const passkeyWords = await getTranslations("accounts.passkeys")
  const factorWords = await getTranslations("accounts.secondFactor")
  const t = await getTranslations("accounts.settings")
  const words = await getTranslations("accounts.sessions")
  const invite = await getTranslations("accounts.inviteSomeone")
  const languages = await getTranslations("accounts.language")
  const byProvider = await getTranslations("accounts.provider")
  const mails = await getTranslations("accounts.notices")
  return (
    <>
      <h1 className="text-title">{t("title")}</h1>
      <p className="mt-2 text-soft">{t("signedInAs", { email })}</p>
      {attempts.guesses >= MIN_GUESSES_SHOWN && (
        <Notice className="mt-6 max-w-140">{t("guesses", attempts)}</Notice>
      )}
      <ProfileForm
        name={name}
        linkedTo={ways.linkedAt && providerName()}
        defaults={defaults}
        days={usualDays(defaults, settings)}
        settings={settings}
        mintTtlSeconds={configuration.MINT_TTL_SECONDS}
      />
      <FormSection title={languages("title")} lead={languages("lead")}>
        <LanguageSelect chosen={language} />
      </FormSection>
      <FormSection title={mails("title")} lead={mails("lead")}>
        <NoticesSwitch notices={notices} email={email} mail={settings.mail} />
      </FormSection>
      {ways.linkedAt && (
        <FormSection
          title={byProvider("title", { name: providerName() ?? "" })}
          lead={byProvider.rich("linked", {
            name: providerName() ?? "",
            since: () => <LocalTime at={ways.linkedAt ?? ""} form="date" now={now} />,
          })}
        />
      )}
      {ways.password && (
        <>
          <FormSection title={t("passwordTitle")} lead={t("passwordLead")}>
            <PasswordForm email={email} />
          </FormSection>
          <FormSection title={passkeyWords("title")} lead={passkeyWords("lead")}>
            <PasskeySection
              passkeys={passkeys.items}
              place={placeOfPasskeys()}
              suggestedName={agent ?? passkeyWords("thisDevice")}
              now={now.toISOString()}
            />
          </FormSection>
          <FormSection
            title={factorWords("title")}
            lead={factorWords(factor.required ? "leadRequired" : "lead")}
          >
            <AppSection factor={factor} />
          </FormSection>
        </>
      )}
      <Section title={words("title")} lead={words("lead")}>
        <SessionList sessions={sessions.items} now={now.toISOString()} />
      </Section>
      {settings.inviters === "members" && (
        <FormSection title={invite("title")} lead={invite("lead")}>
          <InviteSomeoneForm mail={settings.mail} needsAddress={inviteNeedsAddress()} />
          {invites.length > 0 && (
            <div className="w-full max-w-140">
              <h3 className="mb-2 font-semibold">{invite("yours")}</h3>
              <InviteList
                invites={invites}
                now={now}
                action={(one, who) => (
                  <InviteActions
                    invite={one}
                    who={who}
                    at={
                      one.role === "admin" ? "POST /admin/users/invites/{id}" : "POST /invites/{id}"
                    }
                    mail={settings.mail}
                  />
                )}
              />
            </div>
          )}
        </FormSection>
      )}
    </>
  )
}, "/settings")
