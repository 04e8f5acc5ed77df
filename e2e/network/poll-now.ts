import type { Page } from "@playwright/test"

/** Makes an open page poll now, as when the network returns, instead of after some seconds. */
export const pollNow = (page: Page) => page.evaluate(() => dispatchEvent(new Event("online")))
