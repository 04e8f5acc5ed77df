import { pageOfAdmin } from "#app/(member)/page-of.tsx"
import { viewSettings } from "#lib/rooms/admin/change-settings.ts"
import { SettingsPage, titledSettings } from "../settings-page.tsx"

export const generateMetadata = titledSettings("sharing")

export default pageOfAdmin(
  async ({ adminId }) => <SettingsPage page="sharing" settings={await viewSettings(adminId)} />,
  "/admin",
)
