import type { Page } from "@playwright/test"
import type { Installation } from "../installation/start-installation.ts"

/**
 * Holds the PUTs of this page to the store until the returned function is called: all of them, or
 * those with `size` bytes.
 */
export async function holdUploads(page: Page, { storeUrl }: Installation, size?: number) {
  let release = () => {}
  const gate = new Promise<void>((resolve) => {
    release = resolve
  })
  await page.route(`${storeUrl}/**`, async (route) => {
    const request = route.request()
    const isHeld = size === undefined || request.postDataBuffer()?.length === size
    if (request.method() === "PUT" && isHeld) await gate
    // The page may have aborted the request meanwhile.
    await route.continue().catch(() => {})
  })
  return release
}
