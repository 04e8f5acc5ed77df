import type { Page } from "@playwright/test"
import type { Installation } from "./installation.ts"

/** Holds every PUT of this page to the store until it is let go: a connection as slow as a test needs it. */
export async function holdUploads(page: Page, { storeUrl }: Installation) {
  let letGo = () => {}
  const gate = new Promise<void>((resolve) => {
    letGo = resolve
  })
  await page.route(`${storeUrl}/**`, async (route) => {
    if (route.request().method() === "PUT") await gate
    // It may have been given up meanwhile.
    await route.continue().catch(() => {})
  })
  return letGo
}
