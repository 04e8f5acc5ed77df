import { pageOfAdmin } from "#app/(member)/page-of.tsx"
import { viewSettings } from "#lib/rooms/admin/change-settings.ts"
import { readNight } from "#lib/rooms/retention/night.ts"
import { SettingsPage, titledSettings } from "../settings-page.tsx"
import { RetentionForm } from "./retention-form.tsx"

export const generateMetadata = titledSettings("files")

export default pageOfAdmin(async ({ adminId }) => {
  const [settings, night] = await Promise.all([viewSettings(adminId), readNight()])
  return (
    <SettingsPage page="files" settings={settings}>
      <RetentionForm rule={settings.retention.value} night={night} />
    </SettingsPage>
  )
}, "/admin")
