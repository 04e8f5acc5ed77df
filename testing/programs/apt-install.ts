import { spawnSync } from "node:child_process"

/** Whether `aptInstall` can be tried: as root on Debian. */
export const hasApt = () =>
  process.getuid?.() === 0 && spawnSync("apt-get", ["--version"], { stdio: "ignore" }).status === 0

/** Installs a package of Debian without its recommended packages. Does not report a failure. */
export function aptInstall(name: string) {
  spawnSync("apt-get", ["update", "-q"], { stdio: "inherit" })
  spawnSync("apt-get", ["install", "-yq", "--no-install-recommends", name], {
    stdio: "inherit",
    env: { ...process.env, DEBIAN_FRONTEND: "noninteractive" },
  })
}
