import { availableParallelism } from "node:os"
import { defineConfig, devices } from "@playwright/test"

// The user agent of headless Chromium contains HeadlessChrome, which counts as a bot.
const { userAgent } = devices["Desktop Chrome"]
const { LAPSE_TEST_HEADLESS_SHELL, LAPSE_TEST_CHROMIUM } = process.env
const executablePath = LAPSE_TEST_HEADLESS_SHELL || LAPSE_TEST_CHROMIUM

// `npm run test:heavy` also runs these, and a story has to pass there at its first try.
const ignored = process.env.HEAVY ? [] : ["heavy/**", "webkit/**"]
/** Stories with an installation of their own. */
const OWN = [
  "accounts/{first-run,mail,sign-in/provider}.spec.ts",
  "activity/week-of-visits.spec.ts",
  "server/restart.spec.ts",
].map((file) => `**/e2e/${file}`)

export default defineConfig({
  testDir: "e2e",
  outputDir: "test-results/e2e",
  fullyParallel: false,
  // One more than processors, because stories wait a quarter of the time.
  workers: Number(process.env.LAPSE_TEST_WORKERS) || availableParallelism() + 1,
  // The first project begins first: its stories take longest, and would be alone at the end.
  projects: [
    { name: "own installations", testMatch: OWN, testIgnore: ignored },
    { name: "one installation", testIgnore: [...ignored, ...OWN] },
  ],
  failOnFlakyTests: Boolean(process.env.HEAVY),
  // A story drives browsers, servers and networks on a machine that may be busy. One that passes at
  // its second try, in a new browser and installation, is named in the summary.
  retries: 1,
  forbidOnly: Boolean(process.env.CI),
  // Long enough for a machine that others use too; what a story waits for has `expect.timeout`.
  timeout: 120_000,
  expect: { timeout: 10_000 },
  reporter: [["list"], ["json", { outputFile: "test-results/e2e.json" }]],
  use: {
    userAgent,
    locale: "en-GB",
    timezoneId: "Asia/Kathmandu",
    // Drawing animations costs more processor time than what they show is worth; the stories that
    // look at one ask for it.
    contextOptions: { reducedMotion: "reduce" },
    // Only for the second try, because recording costs every story a seventh of its time.
    // Its snapshots would fetch the blobs of thumbnails, which the Content-Security-Policy forbids.
    trace: { mode: "on-first-retry", snapshots: false },
    screenshot: "only-on-failure",
    launchOptions: {
      ...(executablePath ? { executablePath } : {}),
      // Chromium names no file of another script where the system's locale is C.
      env: { ...(process.env as Record<string, string>), LC_ALL: "C.UTF-8" },
      args: [
        // Playwright cannot operate the picker of this API; without it the page uses an input.
        "--disable-blink-features=FileSystemAccessLocal",
        ...(process.getuid?.() === 0 ? ["--no-sandbox"] : []),
      ],
    },
  },
})
