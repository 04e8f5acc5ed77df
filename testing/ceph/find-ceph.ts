import { spawn } from "node:child_process"
import { runs } from "#testing/programs/find-program.ts"

const PROGRAMS = ["ceph-mon", "monmaptool", "ceph-osd", "ceph", "radosgw", "radosgw-admin"]
const PACKAGES = ["ceph-mon", "ceph-osd", "ceph-common", "radosgw"]

/** Whether Ceph is installed. Installs it as root on Debian; elsewhere prints how to install it. */
export async function findCeph(say: (line: string) => void): Promise<boolean> {
  if (isCephInstalled()) return true
  if (process.getuid?.() !== 0 || !runs("apt-get")) {
    console.log(
      `Skipped: Ceph is not on this machine, and only root on Debian installs it here. apt-get install ${PACKAGES.join(" ")} brings it.`,
    )
    return false
  }
  say(`Installing Ceph (Debian's ${PACKAGES.join(", ")})`)
  await aptGet(["update"])
  await aptGet(["install", "--yes", "--no-install-recommends", ...PACKAGES])
  if (isCephInstalled()) return true
  console.log("Skipped: Ceph could not be installed, see above.")
  return false
}

/** Whether all programs that `startCeph` runs are on this machine. */
export const isCephInstalled = () => ["setpriv", ...PROGRAMS].every(runs)

function aptGet(args: string[]) {
  return new Promise<void>((resolve) => {
    const child = spawn("apt-get", ["-qq", ...args], {
      env: { ...process.env, DEBIAN_FRONTEND: "noninteractive" },
      stdio: ["ignore", "ignore", "inherit"],
    })
    child.once("error", () => resolve()).once("exit", () => resolve())
  })
}
