import { spawn } from "node:child_process"
import path from "node:path"
import { fileURLToPath } from "node:url"
import { findNode } from "./find-node.mjs"
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
