import type { Page } from "@playwright/test"
import type { Installation } from "./installation.ts"

/** Holds every PUT of this page to the store until the result is called. */
export async function holdUploads(page: Page, { storeUrl }: Installation) {
  let release = () => {}
  const gate = new Promise<void>((resolve) => {
    release = resolve
  })
  await page.route(`${storeUrl}/**`, async (route) => {
    if (route.request().method() === "PUT") await gate
    // The page may have aborted it meanwhile.
    await route.continue().catch(() => {})
  })
  return release
}
