import type { FieldName } from "#lib/rooms/settings/setting.ts"

/** Settings under a heading. A page's only section has none. */
type SettingsSection = {
  title?: "shares" | "recipients" | "visitors" | "scan" | "people" | "kept"
  names: readonly FieldName[]
}

/** The pages below /admin/settings, each with its settings. */
const SETTINGS_PAGES = {
  sharing: [
    { title: "shares", names: ["maxShareDays", "defaultShareDays", "passwordRequired"] },
    { title: "recipients", names: ["verifiedOnly", "recipientDomains"] },
    { title: "visitors", names: ["requests", "directLinks", "previews"] },
  ],
  files: [{ names: ["maxFileBytes"] }, { title: "scan", names: ["unscannable"] }],
  people: [
    { title: "people", names: ["inviters"] },
    { title: "kept", names: ["eventDays", "auditDays"] },
  ],
  "sign-in": [{ names: ["secondFactorRequired"] }],
  branding: [],
  mail: [],
} satisfies Record<string, readonly SettingsSection[]>

export type SettingsPageName = keyof typeof SETTINGS_PAGES

export const SETTINGS_PAGE_NAMES = Object.keys(SETTINGS_PAGES) as SettingsPageName[] // its own keys

export const settingsOf = (page: SettingsPageName): readonly SettingsSection[] =>
  SETTINGS_PAGES[page]
