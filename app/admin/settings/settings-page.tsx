import { getTranslations } from "next-intl/server"
import type { ReactNode } from "react"
import { metadataOrOutage, orOutage } from "#app/or-outage.tsx"
import { ReadOnly } from "#components/calls/read-only.tsx"
import { ListTabs } from "#components/lists/list-tabs.tsx"
import { Messages } from "#components/messages.tsx"
import {
  SETTINGS_PAGE_NAMES,
  type SettingsPageName,
  settingsOf,
} from "#components/nav/settings-pages.ts"
import { BackLink } from "#components/pages/detail/detail-head.tsx"
import { isAdmin } from "#lib/rooms/accounts/member.ts"
import type { SettingsView } from "#lib/rooms/settings/setting.ts"
import { auditorPage } from "#lib/web/sign-in/current-session.ts"
import { SettingsForm } from "./settings-form.tsx"

/** Makes the generateMetadata of a page of settings. */
export const titledSettings = (page: SettingsPageName) =>
  metadataOrOutage(async () => {
    await auditorPage()
    const t = await getTranslations("settings")
    return { title: `${t(`pages.${page}`)} · ${t("title")}` }
  })

type SettingsPageProps = {
  page: SettingsPageName
  /** The settings, for a page that has some. */
  settings?: SettingsView
  children?: ReactNode
}

/** A page of settings, with links to the others: its form, and what is below it. Only admins can change them. */
export const SettingsPage = orOutage(async function SettingsPage(props: SettingsPageProps) {
  const { page, settings, children } = props
  const t = await getTranslations("settings")
  const nav = await getTranslations("common.nav")
  const tabs = SETTINGS_PAGE_NAMES.map((each) => ({
    href: `/admin/settings/${each}`,
    text: t(`pages.${each}`),
    current: each === page,
  }))
  return (
    <Messages areas={["common", "member", "settings"]}>
      <BackLink href="/admin" text={nav("admin")} className="-mt-2 mb-2 md:hidden" />
      <div className="mb-6 md:-mt-1 md:flex md:gap-9 md:border-b md:border-line">
        <h1 className="text-title max-md:mb-1.5 md:mt-1">{t("title")}</h1>
        <ListTabs
          label={t("title")}
          tabs={tabs}
          className="tab-rule max-sm:gap-4 md:-mb-px md:min-w-0 md:bg-none"
        />
      </div>
      <ReadOnly unless={isAdmin(await auditorPage())}>
        {settings && (
          <div className="[&>form>section:first-child]:mt-0 [&>form>section:first-child]:border-0 [&>form>section:first-child]:pt-0">
            <SettingsForm sections={settingsOf(page)} settings={settings} />
          </div>
        )}
        {children}
      </ReadOnly>
    </Messages>
  )
})
