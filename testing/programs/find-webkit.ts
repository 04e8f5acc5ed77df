import { existsSync, globSync } from "node:fs"
import { aptInstall, hasApt } from "./apt-install.ts"

/**
 * The path of the WebKitGTK browser for its stories, if its driver and a display server are on the
 * machine too; installs them as root on Debian. Otherwise prints why the stories are skipped.
 */
export function findWebKit(say: (line: string) => void): string | undefined {
  if (!isComplete() && hasApt()) {
    say("Installing WebKit from Debian's packages")
    aptInstall("webkit2gtk-driver")
    aptInstall("xvfb")
  }
  if (isComplete()) return browser()
  console.log(
    "The stories in WebKit are skipped: they need webkit2gtk-driver and xvfb, which are installed here only as root on Debian.",
  )
}

const browser = () => globSync("/usr/lib/*/webkit2gtk-4.1/MiniBrowser").at(0)

// Neither program answers --version with success, so `findProgram` does not find them.
const isComplete = () =>
  existsSync("/usr/bin/WebKitWebDriver") && existsSync("/usr/bin/Xvfb") && browser() !== undefined
