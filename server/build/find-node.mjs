import { spawnSync } from "node:child_process"
import { existsSync, rmSync } from "node:fs"
import path from "node:path"
import { fileURLToPath } from "node:url"

const modules = path.join(path.dirname(fileURLToPath(import.meta.url)), "../../node_modules")
const OLDEST = [22, 18]

/**
 * Returns the path of the Node that runs the app: the one that the lock file pins or, if that does
 * not run, the machine's own if it is new enough. Exits with a message if neither can be used.
 */
export function findNode() {
  const pinned = path.join(modules, `node-${process.platform}-${process.arch}/bin/node`)
  if (existsSync(pinned)) {
    if (spawnSync(pinned, ["--version"], { stdio: "ignore" }).status === 0) return pinned
    // The pinned Node needs glibc. On musl, npm scripts must not find it as `node`.
    rmSync(path.join(modules, ".bin/node"), { force: true })
  }
  const [major = 0, minor = 0] = process.versions.node.split(".").map(Number)
  if (major > OLDEST[0] || (major === OLDEST[0] && minor >= OLDEST[1])) return process.execPath
  console.error(
    `No Node comes with Lapse for this system (${process.platform}-${process.arch}), and the installed one is ${process.version}: install Node ${OLDEST.join(".")} or newer.`,
  )
  process.exit(1)
}
