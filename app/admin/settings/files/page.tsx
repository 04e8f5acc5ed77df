import { pageOfAuditor } from "#app/(member)/page-of.tsx"
import { isAdmin } from "#lib/rooms/accounts/member.ts"
import { viewSettings } from "#lib/rooms/admin/change-settings.ts"
import { listLegalHolds } from "#lib/rooms/admin/legal-holds.ts"
import { readNight } from "#lib/rooms/retention/night.ts"
import { SettingsPage, titledSettings } from "../settings-page.tsx"
import { LegalHoldList } from "./legal-hold-list.tsx"
import { RetentionForm } from "./retention-form.tsx"

export const generateMetadata = titledSettings("files")

export default pageOfAuditor(async (reader) => {
  const { auditorId, now } = reader
  const [settings, night, holds] = await Promise.all([
    viewSettings(auditorId),
    readNight(),
    listLegalHolds(auditorId),
  ])
  return (
    <>
      <SettingsPage page="files" settings={settings}>
        <RetentionForm rule={settings.retention.value} night={night} />
      </SettingsPage>
      <LegalHoldList holds={holds} now={now} readOnly={!isAdmin(reader)} />
    </>
  )
}, "/admin")
