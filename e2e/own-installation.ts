import { test as base } from "@playwright/test"
import { type Installation, startInstallation } from "./installation.ts"

export const ADMIN = { email: "ada@example.org", password: "a quiet harbour in winter" }

type OwnInstallation = {
  /** Environment variables of this story's installation, beside those that make `ADMIN`. */
  settings: Record<string, string>
  own: Installation
}

/** For stories that stop, break or set up Lapse otherwise than the others: an installation that nobody else uses. */
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
})
