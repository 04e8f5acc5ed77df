import { getTranslations } from "next-intl/server"
import { pageOfAdmin } from "#app/(member)/page-of.tsx"
import { readBranding } from "#lib/rooms/settings/read-branding.ts"
import { SettingsPage, titledSettings } from "../settings-page.tsx"
import { BrandingForm } from "./branding-form.tsx"

export const generateMetadata = titledSettings("branding")

export default pageOfAdmin(async function BrandingPage() {
  const t = await getTranslations("settings.branding")
  return (
    <SettingsPage page="branding" lead={t("lead")}>
      <BrandingForm branding={await readBranding()} />
    </SettingsPage>
  )
}, "/admin")
