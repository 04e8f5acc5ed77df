import { runOnPinnedNode } from "../server/build/run-on-pinned-node.mjs"

const [command, ...options] = process.argv.slice(2)
if (command === "start" && !options.some((option) => ["--help", "-h"].includes(option))) {
  process.argv.splice(2, 1)
  await import("./start.mjs")
} else {
  await runOnPinnedNode("server/run-command.ts", { stdio: "inherit" }, ["--no-warnings"])
}
