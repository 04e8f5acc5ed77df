import { spawn } from "node:child_process"
import path from "node:path"
import { fileURLToPath } from "node:url"
import { findNode } from "../server/find-node.mjs"
import { install } from "../server/install.mjs"

// As in start.mjs: install on any Node, then run on the pinned one.
const testing = path.join(path.dirname(fileURLToPath(import.meta.url)), "../testing")

await install()
const child = spawn(findNode(), [path.join(testing, "run-tests.ts"), ...process.argv.slice(2)], {
  stdio: "inherit",
})
for (const signal of ["SIGINT", "SIGTERM"]) process.on(signal, () => child.kill(signal))
child.once("exit", (code) => process.exit(code ?? 1))
