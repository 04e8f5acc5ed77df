import { runOnPinnedNode } from "../server/run-on-pinned-node.mjs"

await runOnPinnedNode("testing/run-tests.ts", { stdio: "inherit" })
