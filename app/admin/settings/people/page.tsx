import { pageOfAuditor } from "#app/(member)/page-of.tsx"
import { viewSettings } from "#lib/rooms/admin/change-settings.ts"
import { SettingsPage, titledSettings } from "../settings-page.tsx"

export const generateMetadata = titledSettings("people")

export default pageOfAuditor(
  async ({ auditorId }) => <SettingsPage page="people" settings={await viewSettings(auditorId)} />,
  "/admin",
)
