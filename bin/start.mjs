import { spawn } from "node:child_process"
import path from "node:path"
import { fileURLToPath } from "node:url"
import { findNode } from "./find-node.mjs"
import { install } from "./install.mjs"

// The first stage runs on whatever Node the machine has (20 or newer) and needs no dependency: it
// installs them and hands over to bin/serve.ts on the Node that the lock file pins.
const bin = path.dirname(fileURLToPath(import.meta.url))

await install()
const child = spawn(
  findNode(),
  [
    "--import",
    path.join(bin, "server-only.mjs"),
    path.join(bin, "serve.ts"),
    ...process.argv.slice(2),
  ],
  {
    // Its own group: Ctrl-C reaches it once, from here, and the end of this process by the channel.
    detached: true,
    stdio: ["ignore", "inherit", "inherit", "ipc"],
  },
)
for (const signal of ["SIGINT", "SIGTERM", "SIGHUP"]) process.on(signal, () => child.kill(signal))
if (process.env.npm_lifecycle_event) {
  // npm that is killed takes nobody along.
  const parent = process.ppid
  setInterval(() => process.ppid !== parent && child.kill("SIGTERM"), 500).unref()
}
child.once("exit", (code, signal) => process.exit(code ?? (signal === "SIGKILL" ? 137 : 1)))
