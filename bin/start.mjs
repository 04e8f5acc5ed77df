import { spawn } from "node:child_process"
import path from "node:path"
import { fileURLToPath } from "node:url"
import { findNode } from "../server/find-node.mjs"
import { install } from "../server/install.mjs"

// The first stage runs on whatever Node the machine has (20 or newer) and needs no dependency: it
// installs them and hands over to server/start.ts on the Node that the lock file pins.
const server = path.join(path.dirname(fileURLToPath(import.meta.url)), "../server")

await install()
const child = spawn(
  findNode(),
  [
    "--import",
    path.join(server, "server-only.mjs"),
    path.join(server, "start.ts"),
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
