import { spawnSync } from "node:child_process"
import { existsSync } from "node:fs"
import path from "node:path"
import { chromium } from "@playwright/test"
import { SetupError } from "#lib/adapters/errors.ts"
import { aptInstall, hasApt } from "./apt-install.ts"
import { findProgram } from "./find-program.ts"

const SHELL = "chromium-headless-shell"
const NAMES = ["chromium", "chromium-browser", "google-chrome", "google-chrome-stable", "chrome"]

/**
 * The path of the Chrome or Chromium for the browser tests: the machine's own, else Playwright's,
 * else one that this call installs. Undefined stands for Playwright's, which Playwright finds
 * itself.
 */
export function findChromium(say: (line: string) => void): string | undefined {
  const found = process.env.CHROME_PATH || findProgram(NAMES)
  if (found) return found
  if (existsSync(chromium.executablePath())) return undefined
  if (hasApt()) {
    say("Installing Chromium from Debian's packages")
    aptInstall("chromium")
    const installed = findProgram(NAMES)
    if (installed) return installed
  }
  say("Installing Playwright's Chromium")
  const cli = path.join(import.meta.dirname, "../../node_modules/@playwright/test/cli.js")
  spawnSync(process.execPath, [cli, "install", "chromium"], { stdio: "inherit" })
  if (existsSync(chromium.executablePath())) return undefined
  throw new SetupError(
    "There is no Chrome or Chromium for the browser tests and none could be installed: install one, or set CHROME_PATH to it.",
  )
}

/**
 * The path of the Chromium without a window, which draws the same pages with a third less processor
 * time and has no PDF viewer: the machine's own, or one that this call installs as root on Debian.
 */
export function findHeadlessShell(say: (line: string) => void): string | undefined {
  const found = findProgram([SHELL])
  if (found || !hasApt()) return found
  say("Installing Chromium's headless shell from Debian's packages")
  aptInstall(SHELL)
  return findProgram([SHELL])
}
