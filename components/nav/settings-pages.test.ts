import { expect, it } from "vitest"
import { SETTING_NAMES } from "#lib/rooms/settings/setting.ts"
import { SETTINGS_PAGE_NAMES, settingsOf } from "./settings-pages.ts"

it("has every setting on one page", () => {
  const names = SETTINGS_PAGE_NAMES.flatMap(settingsOf).flatMap((section) => section.names)
  expect([...names].sort()).toEqual([...SETTING_NAMES].sort())
})
