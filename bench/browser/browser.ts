import { chromium } from "@playwright/test"
import { findChromium } from "#testing/programs/find-chromium.ts"

/** Starts Chromium without a window, as the browser tests do. */
export function launchBrowser() {
  const executablePath = findChromium(console.log)
  return chromium.launch({
    ...(executablePath ? { executablePath } : {}),
    args: [
      // A script cannot use the file picker, so the page falls back to its input.
      "--disable-blink-features=FileSystemAccessLocal",
      ...(process.getuid?.() === 0 ? ["--no-sandbox"] : []),
    ],
  })
}
