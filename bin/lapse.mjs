import { runOnPinnedNode } from "../server/build/run-on-pinned-node.mjs"

/** The commands for members, which run as on any other machine; the others are the operator's. */
const MEMBERS = ["login", "logout", "share", "list", "show", "revoke", "get", "request", "send"]

const [command, ...options] = process.argv.slice(2)
if (command === "start" && !options.some((option) => ["--help", "-h"].includes(option))) {
  process.argv.splice(2, 1)
  await import("./start.mjs")
} else if (MEMBERS.includes(command)) {
  await runOnPinnedNode("cli/lapse.ts", { stdio: "inherit" }, ["--no-warnings"])
} else {
  await runOnPinnedNode("server/run-command.ts", { stdio: "inherit" }, ["--no-warnings"])
}
