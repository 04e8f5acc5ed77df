import { runOnPinnedNode } from "../server/build/run-on-pinned-node.mjs"

await runOnPinnedNode("server/run-command.ts", { stdio: "inherit" }, ["--no-warnings"])
