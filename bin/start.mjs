import { existsSync } from "node:fs"
import { fileURLToPath } from "node:url"
import { runOnPinnedNode, stopWithNpm } from "../server/build/run-on-pinned-node.mjs"
import { heapOptions, SMALL_SEMI_SPACE } from "../server/processes/memory-limit.mjs"

const below = (path) => fileURLToPath(new URL(`../${path}`, import.meta.url))
// Node's cache of compiled code saves a third of the processor time of a start. A release never
// writes into its own folder.
const cache = existsSync(below("release.json"))
  ? {}
  : { NODE_COMPILE_CACHE: below("node_modules/.cache/lapse-compiled") }

// The server is in a separate process group, so that it gets Ctrl-C only once, from here. It
// notices the end of this process by the closed channel.
const options = {
  detached: true,
  stdio: ["ignore", "inherit", "inherit", "ipc"],
  // Without this limit, glibc keeps freed memory of threads in one arena for each processor.
  env: {
    MALLOC_ARENA_MAX: "2",
    MALLOC_TRIM_THRESHOLD_: "65536",
    ...cache,
    ...process.env,
  },
}
const heap = heapOptions(undefined, process.env.NODE_OPTIONS, SMALL_SEMI_SPACE)
stopWithNpm(await runOnPinnedNode("server/start.ts", options, heap))
