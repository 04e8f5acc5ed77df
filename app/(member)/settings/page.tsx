import type { Metadata } from "next"
import { headers } from "next/headers"
import { getTranslations } from "next-intl/server"
import { orOutage } from "#app/or-outage.tsx"
import { PasskeySection } from "#components/accounts/passkeys/passkey-section.tsx"
import { AppSection } from "#components/accounts/second-factor/app-section.tsx"
import { LocalTime } from "#components/time/local-time.tsx"
import { FormSection } from "#components/ui/forms/form-section.tsx"
import { Notice } from "#components/ui/notice.tsx"
import { listOwnInvites } from "#lib/accounts/invites/list-invites.ts"
import { inviteNeedsAddress } from "#lib/accounts/invites/usable.ts"
import { listPasskeys } from "#lib/accounts/passkeys/list-passkeys.ts"
import { passkeyHost, whyNoPasskeys } from "#lib/accounts/passkeys/passkey-host.ts"
import { hasNotices } from "#lib/accounts/profile/notices.ts"
import { findSignInWays } from "#lib/accounts/provider/find-sign-in-ways.ts"
import { findSecondFactor } from "#lib/accounts/second-factor/set-second-factor.ts"
import { listSessions } from "#lib/accounts/sign-in/session.ts"
import { countGuesses } from "#lib/accounts/sign-in/throttle.ts"
import { describeUserAgent } from "#lib/claims/visitor/user-agent.ts"
import { configuration, providerName } from "#lib/configuration.ts"
import { findShareDefaults } from "#lib/shares/edit/member-share-defaults.ts"
import { usualDays } from "#lib/shares/edit/share-defaults.ts"
import { pageSettings } from "#lib/web/page-settings.ts"
import { memberPage } from "#lib/web/sign-in/current-session.ts"
import { InviteSomeoneForm } from "../invite-someone/invite-someone-form.tsx"
import { OwnInvites } from "../invite-someone/own-invites.tsx"
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

export async function generateMetadata(): Promise<Metadata> {
  const t = await getTranslations("accounts.settings")
  return { title: t("title") }
}

export default orOutage(async function SettingsPage() {
  const { id, sessionId, name, email, language, now } = await memberPage()
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
        <div className="mt-6 max-w-140">
          <Notice>{t("guesses", attempts)}</Notice>
        </div>
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
      <section className="mt-9 border-t border-line pt-7">
        <h2 className="text-lg font-semibold tracking-[-0.015em]">{words("title")}</h2>
        <p className="mt-1.5 mb-5 text-soft">{words("lead")}</p>
        <SessionList sessions={sessions.items} now={now.toISOString()} />
      </section>
      {settings.inviters === "members" && (
        <FormSection title={invite("title")} lead={invite("lead")}>
          <InviteSomeoneForm mail={settings.mail} needsAddress={inviteNeedsAddress()} />
          <OwnInvites invites={invites} now={now} />
        </FormSection>
      )}
    </>
  )
})
