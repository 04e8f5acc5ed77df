import { aptInstall, hasApt } from "./apt-install.ts"
import { findProgram } from "./find-program.ts"

const PROGRAM = "firefox-esr"

/**
 * The path of the Firefox for its stories: the machine's own ESR, or one that this call installs as
 * root on Debian. Otherwise prints why the stories are skipped.
 */
export function findFirefox(say: (line: string) => void): string | undefined {
  const found = process.env.FIREFOX_PATH || findProgram([PROGRAM])
  if (found) return found
  if (hasApt()) {
    say("Installing Firefox ESR from Debian's packages")
    aptInstall(PROGRAM)
  }
  const installed = findProgram([PROGRAM])
  if (!installed)
    console.log(
      `The stories in Firefox are skipped: ${PROGRAM} is not on this machine, and only root on Debian installs it here. Install it, or set FIREFOX_PATH to a Firefox.`,
    )
  return installed
}
