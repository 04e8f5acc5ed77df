import { pageOfAuditor } from "#app/(member)/page-of.tsx"
import { readBranding } from "#lib/rooms/settings/read-branding.ts"
import { SettingsPage, titledSettings } from "../settings-page.tsx"
import { BrandingForm } from "./branding-form.tsx"

export const generateMetadata = titledSettings("branding")

export default pageOfAuditor(
  async () => (
    <SettingsPage page="branding">
      <BrandingForm branding={await readBranding()} />
    </SettingsPage>
  ),
  "/admin",
)
