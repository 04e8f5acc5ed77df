import { getTranslations } from "next-intl/server"
import { pageOfAdmin, titledForAdmin } from "#app/(member)/page-of.tsx"
import { Messages } from "#components/messages.tsx"
import { OpenChanges } from "#components/shares/open-changes.tsx"
import { configuration } from "#lib/adapters/configuration.ts"
import { viewSettings } from "#lib/rooms/admin/change-settings.ts"
import { findOutsideShares } from "#lib/rooms/admin/find-outside-shares.ts"
import { findUndelivered } from "#lib/rooms/mail/find-mails.ts"
import { readBranding } from "#lib/rooms/settings/read-branding.ts"
import type { SettingName } from "#lib/rooms/settings/setting.ts"
import { listOpenChanges } from "#lib/rooms/shares/bulk/open-changes.ts"
import { MailSection, type MailSetup } from "./mail-section.tsx"
import { OutsideShares } from "./outside-shares.tsx"
import { SettingsForm } from "./settings-form.tsx"

type Section = { title: "shares" | "files" | "visitors" | "people" | "kept"; names: SettingName[] }

const SECTIONS: Section[] = [
  {
    title: "shares",
    names: ["maxShareDays", "defaultShareDays", "passwordRequired", "limitRequired"],
  },
  { title: "files", names: ["maxFileBytes", "allowedTypes", "blockedTypes"] },
  { title: "visitors", names: ["directLinks", "previews"] },
  { title: "people", names: ["inviters", "secondFactorRequired"] },
  { title: "kept", names: ["eventDays", "auditDays"] },
]

export const generateMetadata = titledForAdmin("settings.title")

export default pageOfAdmin(async function SettingsPage(
  { adminId, email, now },
  { searchParams }: PageProps<"/admin/settings">,
) {
  const t = await getTranslations("settings")
  const looks = (await searchParams).outside === "1"
  const [settings, branding, outside, changes, undelivered] = await Promise.all([
    viewSettings(adminId),
    readBranding(),
    looks ? findOutsideShares(adminId) : null,
    listOpenChanges(adminId),
    findUndelivered(),
  ])
  return (
    <Messages areas={["common", "member", "settings"]}>
      <h1 className="text-title">{t("title")}</h1>
      <p className="mt-2 max-w-160 text-soft">{t("lead")}</p>
      <OpenChanges changes={changes} linked />
      <SettingsForm
        sections={SECTIONS.map(({ title, names }) => ({ title: t(`sections.${title}`), names }))}
        saved={{ settings, branding }}
      >
        <OutsideShares
          found={outside}
          days={settings.maxShareDays.value ?? settings.defaultShareDays.value ?? 7}
          now={now.toISOString()}
        />
      </SettingsForm>
      <MailSection setup={mailSetup()} email={email} now={now.toISOString()} {...undelivered} />
    </Messages>
  )
}, "/admin")

function mailSetup(): MailSetup | null {
  const { SMTP_URL: server, MAIL_FROM: from } = configuration
  if (!server || !from) return null
  const { host, port, security } = server
  return {
    host,
    port,
    security,
    sender: from.name ? `${from.name} <${from.address}>` : from.address,
  }
}
