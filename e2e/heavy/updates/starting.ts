import { test as base } from "@playwright/test"
import { type Installation, startInstallation } from "../../installation/start-installation.ts"

export type Starting = { start: typeof startInstallation }

/** Lets a story start installations, and removes them however it ends. */
export async function starting(use: (start: Starting["start"]) => Promise<void>) {
  const started: Installation[] = []
  await use(async (...given) => {
    const installation = await startInstallation(...given)
    started.push(installation)
    return installation
  })
  for (const { stop } of started) await stop() // several may have one data directory
  for (const { remove } of started) await remove()
}

export const test = base.extend<Starting>({
  // biome-ignore lint/correctness/noEmptyPattern: Playwright reads the pattern
  start: async ({}, use) => starting(use),
})
