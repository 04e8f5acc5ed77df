import { aptInstall, hasApt } from "./apt-install.ts"
import { findProgram } from "./find-program.ts"

const PROGRAM = "firefox-esr"

/**
 * The Firefox for the stories in it: the machine's own ESR, or one that this call installs as root
 * on Debian. Undefined where there is none, and then they are skipped.
 */
export function findFirefox(say: (line: string) => void): string | undefined {
  const found = process.env.FIREFOX_PATH || findProgram([PROGRAM])
  if (found || !hasApt()) return found
  say("Installing Firefox ESR from Debian's packages")
  aptInstall(PROGRAM)
  return findProgram([PROGRAM])
}
