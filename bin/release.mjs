import { runOnPinnedNode } from "../server/build/run-on-pinned-node.mjs"

await runOnPinnedNode("server/release/make-release.ts", { stdio: "inherit" }, ["--no-warnings"])
