import { getTranslations } from "next-intl/server"
import type { ComponentProps, ReactNode } from "react"
import { pageOfAuditor } from "#app/(member)/page-of.tsx"
import { WithCode } from "#app/admin/with-code.tsx"
import { Section } from "#components/pages/section.tsx"
import { StatusRow } from "#components/pages/status-row.tsx"
import { TextLink } from "#components/ui/text-link.tsx"
import { canSendMail, hasPasswords, providerName } from "#lib/adapters/configuration.ts"
import { passkeyHost, whyNoPasskeys } from "#lib/rooms/accounts/passkeys/passkey-host.ts"
import { viewSettings } from "#lib/rooms/admin/change-settings.ts"
import { SettingsPage, titledSettings } from "../settings-page.tsx"

export const generateMetadata = titledSettings("sign-in")

export default pageOfAuditor(async function SignInPage({ auditorId }) {
  const t = await getTranslations("settings")
  return (
    <SettingsPage page="sign-in" settings={await viewSettings(auditorId)}>
      <Section title={t("signIn.title")} lead={t("source.environment")}>
        <SignInWays />
      </Section>
    </SettingsPage>
  )
}, "/admin")

type State = ComponentProps<typeof StatusRow>["state"]

/** The ways to sign in: which are on, and what turns on the others. */
async function SignInWays() {
  const t = await getTranslations("settings.signIn")
  const [provider, host, problem] = [providerName(), passkeyHost(), whyNoPasskeys()]
  const row = (
    name: "passwords" | "passkeys" | "provider" | "resets",
    state: State,
    text: ReactNode,
  ) => (
    <StatusRow state={state} stateText={t(`state.${state}`)} name={t(name)}>
      {text}
    </StatusRow>
  )
  const code = (text: string) => <WithCode text={text} />
  return (
    <ul className="max-w-204 border-b border-line">
      {hasPasswords()
        ? row("passwords", "ok", t("passwordsOn"))
        : row("passwords", "off", code(t("passwordsOff")))}
      {host !== null
        ? row("passkeys", "ok", t("passkeysOn", { host }))
        : problem !== null && hasPasswords()
          ? row("passkeys", "warning", code(t(`passkeysNeed.${problem}`)))
          : row("passkeys", "off", t("passkeysOff"))}
      {provider !== null
        ? row("provider", "ok", t("providerOn", { name: provider }))
        : row("provider", "off", code(t("providerOff")))}
      {hasPasswords() &&
        (canSendMail()
          ? row("resets", "ok", t("resetsOn"))
          : row(
              "resets",
              "warning",
              t.rich("resetsOff", {
                link: (words) => <TextLink href="/admin/settings/mail">{words}</TextLink>,
              }),
            ))}
    </ul>
  )
}
