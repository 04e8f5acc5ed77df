import { spawnSync } from "node:child_process"
import { existsSync } from "node:fs"
import path from "node:path"
import { chromium } from "@playwright/test"
import { SetupError } from "#lib/errors.ts"

const NAMES = ["chromium", "chromium-browser", "google-chrome", "google-chrome-stable", "chrome"]

/**
 * The Chrome or Chromium for the browser tests: the machine's own, else Playwright's, else one that
 * this call installs. Undefined means Playwright's, which Playwright finds by itself.
 */
export function findChromium(say: (line: string) => void): string | undefined {
  const found = process.env.CHROME_PATH || findOnPath()
  if (found) return found
  if (existsSync(chromium.executablePath())) return undefined
  if (process.getuid?.() === 0 && runs("apt-get", "--version")) {
    say("Installing Chromium from Debian's packages")
    spawnSync("apt-get", ["update", "-q"], { stdio: "inherit" })
    spawnSync("apt-get", ["install", "-yq", "--no-install-recommends", "chromium"], {
      stdio: "inherit",
      env: { ...process.env, DEBIAN_FRONTEND: "noninteractive" },
    })
    const installed = findOnPath()
    if (installed) return installed
  }
  say("Installing Playwright's Chromium")
  const cli = path.join(import.meta.dirname, "../node_modules/@playwright/test/cli.js")
  spawnSync(process.execPath, [cli, "install", "chromium"], { stdio: "inherit" })
  if (existsSync(chromium.executablePath())) return undefined
  throw new SetupError(
    "There is no Chrome or Chromium for the browser tests and none could be installed: install one, or set CHROME_PATH to it.",
  )
}

function findOnPath() {
  return (process.env.PATH ?? "")
    .split(path.delimiter)
    .flatMap((folder) => NAMES.map((name) => path.join(folder, name)))
    .find((program) => existsSync(program) && runs(program, "--version"))
}

function runs(program: string, argument: string) {
  return spawnSync(program, [argument], { stdio: "ignore" }).status === 0
}
