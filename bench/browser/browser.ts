import { chromium } from "@playwright/test"
import { findChromium } from "#testing/programs/find-chromium.ts"

/** Starts Chromium without a window, as the browser tests do. */
export const launchBrowser = () => chromium.launch(options())

/** Starts Chromium without a window, with a profile on the disk, like the browsers of people. */
export const launchProfile = (directory: string) =>
  chromium.launchPersistentContext(directory, options())

function options() {
  const executablePath = findChromium(console.log)
  return {
    ...(executablePath ? { executablePath } : {}),
    args: [
      // A script cannot use the file picker, so the page falls back to its input.
      "--disable-blink-features=FileSystemAccessLocal",
      ...(process.getuid?.() === 0 ? ["--no-sandbox"] : []),
    ],
  }
}
