import { spawn, spawnSync } from "node:child_process"
import { existsSync, rmSync } from "node:fs"
import path from "node:path"
import { fileURLToPath } from "node:url"
import { install } from "./install.mjs"

// The first stage of a start. It has no dependencies and runs on any Node from 20 on, because the
// machine's version is not known.

const server = path.join(path.dirname(fileURLToPath(import.meta.url)), "..")

/**
 * Installs the dependencies and runs a program of this repository, with this process's arguments,
 * on the Node that the lock file pins. Forwards signals to it and exits with its exit code.
 */
export async function runOnPinnedNode(program, options, nodeOptions = []) {
  await install()
  const child = spawn(
    findNode(),
    [
      ...nodeOptions,
      "--import",
      path.join(server, "server-only.mjs"),
      path.join(server, "..", program),
      ...process.argv.slice(2),
    ],
    options,
  )
  for (const signal of ["SIGINT", "SIGTERM", "SIGHUP"]) process.on(signal, () => child.kill(signal))
  child.once("exit", (code, signal) => {
    if (signal === "SIGINT" || signal === "SIGTERM") {
      console.log("Stopped.") // the program had no time to print it
      process.exit(signal === "SIGINT" ? 130 : 143)
    }
    process.exit(code ?? (signal === "SIGKILL" ? 137 : 1))
  })
  return child
}

/** Stops the program when npm, the parent of this process, is killed. */
export function stopWithNpm(child) {
  if (!process.env.npm_lifecycle_event) return
  const npm = process.ppid
  setInterval(() => process.ppid !== npm && child.kill("SIGTERM"), 500).unref()
}

const modules = path.join(path.dirname(fileURLToPath(import.meta.url)), "../../node_modules")
const OLDEST = [22, 18]

/**
 * Returns the path of the Node that runs the app: the one that the lock file pins or, if that does
 * not run, the machine's own if it is new enough. Exits with a message if neither can be used.
 */
function findNode() {
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
