import { getTranslations } from "next-intl/server"
import { pageOfAdmin } from "#app/(member)/page-of.tsx"
import { LinedFact } from "#components/pages/facts.tsx"
import { Section } from "#components/pages/section.tsx"
import { hasPasswords, providerName } from "#lib/adapters/configuration.ts"
import { viewSettings } from "#lib/rooms/admin/change-settings.ts"
import { SettingsPage, titledSettings } from "../settings-page.tsx"

export const generateMetadata = titledSettings("sign-in")

export default pageOfAdmin(async function SignInPage({ adminId }) {
  const t = await getTranslations("settings")
  return (
    <SettingsPage page="sign-in" settings={await viewSettings(adminId)}>
      <Section title={t("signIn.title")} lead={t("source.environment")}>
        <dl className="max-w-160 border-t border-line text-[0.9375rem]">
          <LinedFact name={t("signIn.passwords")}>
            {t(hasPasswords() ? "values.on" : "values.off")}
          </LinedFact>
          <LinedFact name={t("signIn.provider")}>{providerName() ?? t("values.nothing")}</LinedFact>
        </dl>
      </Section>
    </SettingsPage>
  )
}, "/admin")
