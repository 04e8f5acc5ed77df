import type { Page } from "@playwright/test"

/** The window widths of stories that run at several: a phone, and in `test:heavy` a desktop too. */
export const WIDTHS = process.env.HEAVY ? [390, 1280] : [390]

/** By how many pixels a page scrolls sideways. */
export const sideways = (page: Page) =>
  page.evaluate(() => document.documentElement.scrollWidth - document.documentElement.clientWidth)
