import { runOnPinnedNode, stopWithNpm } from "../server/run-on-pinned-node.mjs"

// In a process group of its own Ctrl-C reaches the server once, from here. It notices the end of
// this process by the closed channel.
const options = { detached: true, stdio: ["ignore", "inherit", "inherit", "ipc"] }
stopWithNpm(await runOnPinnedNode("server/start.ts", options))
