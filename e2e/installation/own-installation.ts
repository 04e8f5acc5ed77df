import { type BrowserContextOptions, test as base, type Page } from "@playwright/test"
import { type MemberClient, signInClient } from "../member-client.ts"
import { type Installation, startInstallation } from "./start-installation.ts"

export const ADMIN = { email: "ada@example.org", password: "a quiet harbour in winter" }

type OwnInstallation = {
  /**
   * Environment variables of this story's installation, in addition to those that create its admin.
   */
  settings: Record<string, string>
  own: Installation
  /** The HTTP client of the admin of `own`. */
  member: MemberClient
  /** Opens a page of a new browser context on `own`. */
  newPage: (options?: BrowserContextOptions) => Promise<Page>
  /** The browser of `member`, signed in. */
  memberPage: Page
}

/** For stories that stop, break or configure Lapse: each starts a separate installation. */
export const test = base.extend<OwnInstallation>({
  settings: [{}, { option: true }],

  own: [
    async ({ settings }, use) => {
      const installation = await startInstallation({
        ADMIN_EMAIL: ADMIN.email,
        ADMIN_PASSWORD: ADMIN.password,
        ...settings,
      })
      await use(installation)
      await installation.remove()
    },
    { timeout: 180_000 },
  ],

  member: async ({ own }, use) => {
    const member = await signInClient(own.url, ADMIN)
    await use(member)
    await member.context.dispose()
  },

  newPage: async ({ browser, own }, use) => {
    const pages: Page[] = []
    await use(async (options = {}) => {
      const context = await browser.newContext({ baseURL: own.url, ...options })
      const page = await context.newPage()
      pages.push(page)
      return page
    })
    for (const page of pages) await page.context().close()
  },

  memberPage: async ({ newPage, member }, use) =>
    use(await newPage({ storageState: await member.context.storageState() })),
})
