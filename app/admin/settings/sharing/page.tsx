import { pageOfAuditor } from "#app/(member)/page-of.tsx"
import { viewSettings } from "#lib/rooms/admin/change-settings.ts"
import { SettingsPage, titledSettings } from "../settings-page.tsx"

export const generateMetadata = titledSettings("sharing")

export default pageOfAuditor(
  async ({ auditorId }) => <SettingsPage page="sharing" settings={await viewSettings(auditorId)} />,
  "/admin",
)
