import { spawn, spawnSync } from "node:child_process"

const PROGRAMS = ["radosgw", "radosgw-admin"]

/**
 * Whether Ceph's S3 gateway is here. Installs it as root on Debian, else prints how to install it.
 */
export async function findCeph(say: (line: string) => void): Promise<boolean> {
  if (isInstalled()) return true
  if (process.getuid?.() !== 0 || !runs("apt-get")) {
    console.log(
      "Skipped: Ceph's S3 gateway is not on this machine, and only root on Debian installs it here. apt-get install radosgw ceph-common brings it.",
    )
    return false
  }
  say("Installing Ceph's S3 gateway (Debian's radosgw)")
  await aptGet(["update"])
  await aptGet(["install", "--yes", "--no-install-recommends", "radosgw", "ceph-common"])
  if (isInstalled()) return true
  console.log("Skipped: Ceph's S3 gateway could not be installed, see above.")
  return false
}

const isInstalled = () => PROGRAMS.every(runs)

const runs = (program: string) =>
  spawnSync(program, ["--version"], { stdio: "ignore", timeout: 30_000 }).status === 0

function aptGet(args: string[]) {
  return new Promise<void>((resolve) => {
    const child = spawn("apt-get", ["-qq", ...args], {
      env: { ...process.env, DEBIAN_FRONTEND: "noninteractive" },
      stdio: ["ignore", "ignore", "inherit"],
    })
    child.once("error", () => resolve()).once("exit", () => resolve())
  })
}
