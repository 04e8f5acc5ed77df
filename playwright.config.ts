import { defineConfig, devices } from "@playwright/test"

// Headless Chromium would call itself HeadlessChrome, which counts as a bot.
const { userAgent } = devices["Desktop Chrome"]
const executablePath = process.env.LAPSE_TEST_CHROMIUM

export default defineConfig({
  testDir: "e2e",
  outputDir: "test-results/e2e",
  fullyParallel: false,
  workers: Number(process.env.LAPSE_TEST_WORKERS || 2),
  forbidOnly: Boolean(process.env.CI),
  timeout: 60_000,
  expect: { timeout: 10_000 },
  reporter: [["list"], ["json", { outputFile: "test-results/e2e.json" }]],
  use: {
    userAgent,
    locale: "en-GB",
    timezoneId: "Asia/Kathmandu",
    trace: "retain-on-failure",
    screenshot: "only-on-failure",
    launchOptions: {
      ...(executablePath ? { executablePath } : {}),
      args: [
        // Nothing can fill in that picker, so the page takes its input instead.
        "--disable-blink-features=FileSystemAccessLocal",
        ...(process.getuid?.() === 0 ? ["--no-sandbox"] : []),
      ],
    },
  },
})
