import { getTranslations } from "next-intl/server"
import { SETTINGS_PAGE_NAMES, settingsOf } from "#components/nav/settings-pages.ts"
import type { SettingLink } from "./act.ts"

/** The pages of settings and the settings on them by their names, for the search. */
export async function settingLinks(): Promise<SettingLink[]> {
  const t = await getTranslations("settings")
  return SETTINGS_PAGE_NAMES.flatMap((page) => [
    { label: t(`pages.${page}`), href: `/admin/settings/${page}` as const },
    ...settingsOf(page)
      .flatMap(({ names }) => names)
      .map((name) => ({
        label: t(`names.${name}`),
        href: `/admin/settings/${page}#${name}` as const,
      })),
  ])
}
