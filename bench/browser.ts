import { chromium } from "@playwright/test"
import { findChromium } from "#testing/find-chromium.ts"

/** Chromium without a window, as the browser tests start it. */
export function launchBrowser() {
  const executablePath = findChromium(console.log)
  return chromium.launch({
    ...(executablePath ? { executablePath } : {}),
    args: [
      // Nothing can fill in that picker, so the page takes its input instead.
      "--disable-blink-features=FileSystemAccessLocal",
      ...(process.getuid?.() === 0 ? ["--no-sandbox"] : []),
    ],
  })
}
