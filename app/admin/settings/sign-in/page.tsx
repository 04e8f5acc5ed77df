import { getTranslations } from "next-intl/server"
import { pageOfAdmin } from "#app/(member)/page-of.tsx"
import { Section } from "#components/pages/section.tsx"
import { viewSettings } from "#lib/rooms/admin/change-settings.ts"
import { SettingsPage, titledSettings } from "../settings-page.tsx"
import { SignInWays } from "./sign-in-ways.tsx"

export const generateMetadata = titledSettings("sign-in")

export default pageOfAdmin(async function SignInPage({ adminId }) {
  const t = await getTranslations("settings")
  return (
    <SettingsPage page="sign-in" settings={await viewSettings(adminId)}>
      <Section title={t("signIn.title")} lead={t("source.environment")}>
        <SignInWays />
      </Section>
    </SettingsPage>
  )
}, "/admin")
