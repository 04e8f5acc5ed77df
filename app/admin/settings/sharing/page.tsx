import { pageOfAdmin } from "#app/(member)/page-of.tsx"
import { OpenChanges } from "#components/shares/open-changes.tsx"
import { viewSettings } from "#lib/rooms/admin/change-settings.ts"
import { findOutsideShares } from "#lib/rooms/admin/find-outside-shares.ts"
import { listOpenChanges } from "#lib/rooms/shares/bulk/open-changes.ts"
import { SettingsPage, titledSettings } from "../settings-page.tsx"
import { OutsideShares } from "./outside-shares.tsx"

export const generateMetadata = titledSettings("sharing")

export default pageOfAdmin(async function SharingPage(
  { adminId, now },
  { searchParams }: PageProps<"/admin/settings/sharing">,
) {
  const looks = (await searchParams).outside === "1"
  const [settings, outside, changes] = await Promise.all([
    viewSettings(adminId),
    looks ? findOutsideShares(adminId) : null,
    listOpenChanges(adminId),
  ])
  return (
    <SettingsPage page="sharing" settings={settings}>
      <OpenChanges changes={changes} linked />
      <OutsideShares
        found={outside}
        days={settings.maxShareDays.value ?? settings.defaultShareDays.value ?? 7}
        now={now.toISOString()}
      />
    </SettingsPage>
  )
}, "/admin")
