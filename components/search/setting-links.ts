import { getTranslations } from "next-intl/server"
import { SETTING_NAMES } from "#lib/rooms/settings/setting.ts"
import type { SettingLink } from "./act.ts"

/** The settings by their names, for the search. */
export async function settingLinks(): Promise<SettingLink[]> {
  const t = await getTranslations("settings")
  return [
    ...SETTING_NAMES.map((name) => ({
      label: t(`names.${name}`),
      href: `/admin/settings#${name}` as const,
    })),
    { label: t("branding.title"), href: "/admin/settings#branding" },
  ]
}
