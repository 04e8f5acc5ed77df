import { runOnPinnedNode } from "../server/build/run-on-pinned-node.mjs"

await runOnPinnedNode("testing/run/run-tests.ts", { stdio: "inherit" })
