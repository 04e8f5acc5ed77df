import type { Page } from "@playwright/test"

/** Has an open page ask for news now, as when the network comes back, in place of in some seconds. */
export const lookAgain = (page: Page) => page.evaluate(() => dispatchEvent(new Event("online")))
