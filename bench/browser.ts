import { chromium } from "@playwright/test"
import { findChromium } from "#testing/programs/find-chromium.ts"

/** Chromium without a window, as the browser tests start it. */
export const launchBrowser = () => chromium.launch(options())

/** The same with a profile on the disk, as people have one. */
export const launchProfile = (directory: string) =>
  chromium.launchPersistentContext(directory, options())

function options() {
  const executablePath = findChromium(console.log)
  return {
    ...(executablePath ? { executablePath } : {}),
    args: [
      // Nothing can fill in that picker, so the page takes its input instead.
      "--disable-blink-features=FileSystemAccessLocal",
      ...(process.getuid?.() === 0 ? ["--no-sandbox"] : []),
    ],
  }
}
