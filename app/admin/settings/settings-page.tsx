import { getTranslations } from "next-intl/server"
import type { ReactNode } from "react"
import { metadataOrOutage } from "#app/or-outage.tsx"
import { ListTabs } from "#components/lists/list-tabs.tsx"
import { Messages } from "#components/messages.tsx"
import {
  SETTINGS_PAGE_NAMES,
  type SettingsPageName,
  settingsOf,
} from "#components/nav/settings-pages.ts"
import type { SettingsView } from "#lib/rooms/settings/setting.ts"
import { adminPage } from "#lib/web/sign-in/current-session.ts"
import { SettingsForm } from "./settings-form.tsx"

/** Makes the generateMetadata of a page of settings. */
export const titledSettings = (page: SettingsPageName) =>
  metadataOrOutage(async () => {
    await adminPage()
    const t = await getTranslations("settings")
    return { title: `${t(`pages.${page}`)} · ${t("title")}` }
  })

type SettingsPageProps = {
  page: SettingsPageName
  /** The settings, for a page that has some. */
  settings?: SettingsView
  lead?: string
  children?: ReactNode
}

/** A page of settings, with links to the others: its form and the content below it. */
export async function SettingsPage({ page, settings, lead, children }: SettingsPageProps) {
  const t = await getTranslations("settings")
  const tabs = SETTINGS_PAGE_NAMES.map((each) => ({
    href: `/admin/settings/${each}`,
    text: t(`pages.${each}`),
    current: each === page,
  }))
  return (
    <Messages areas={["common", "member", "settings"]}>
      <h1 className="mb-3 text-title">{t("title")}</h1>
      <ListTabs label={t("title")} tabs={tabs} className="mb-5 border-b max-sm:gap-4" />
      <p className="max-w-160 text-soft">{lead ?? t("lead")}</p>
      {settings && <SettingsForm sections={settingsOf(page)} settings={settings} />}
      {children}
    </Messages>
  )
}
