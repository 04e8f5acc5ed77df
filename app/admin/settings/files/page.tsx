import { pageOfAdmin } from "#app/(member)/page-of.tsx"
import { viewSettings } from "#lib/rooms/admin/change-settings.ts"
import { listLegalHolds } from "#lib/rooms/admin/legal-holds.ts"
import { readNight } from "#lib/rooms/retention/night.ts"
import { SettingsPage, titledSettings } from "../settings-page.tsx"
import { LegalHoldList } from "./legal-hold-list.tsx"
import { RetentionForm } from "./retention-form.tsx"

export const generateMetadata = titledSettings("files")

export default pageOfAdmin(async ({ adminId, now }) => {
  const [settings, night, holds] = await Promise.all([
    viewSettings(adminId),
    readNight(),
    listLegalHolds(adminId),
  ])
  return (
    <>
      <SettingsPage page="files" settings={settings}>
        <RetentionForm rule={settings.retention.value} night={night} />
      </SettingsPage>
      <LegalHoldList holds={holds} now={now} />
    </>
  )
}, "/admin")
