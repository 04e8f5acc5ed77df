import { expect, it } from "vitest"
import { SETTING_NAMES } from "#lib/rooms/settings/setting.ts"
import { SETTINGS_PAGE_NAMES, settingsOf } from "./settings-pages.ts"

it("has every setting on one page", () => {
  const names = SETTINGS_PAGE_NAMES.flatMap(settingsOf).flatMap((section) => section.names)
  // The rule of retention has a form of its own, on the page of files.
  expect([...names, "retention"].sort()).toEqual([...SETTING_NAMES].sort())
})
