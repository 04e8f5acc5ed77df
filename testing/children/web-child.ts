import type { SendHandle } from "node:child_process"
import { createServer } from "node:http"
import { acceptFrom } from "#server/processes/shared-port.ts"
import type { FromWebProcess, ToWebProcess } from "#server/processes/web-messages.ts"

// A minimal web process for tests of the code that starts it. It answers with its process id, and
// for /abort it ends like a process that has run out of memory. With WEB_CHILD_FAILS it ends at its
// start.

const tell = (message: FromWebProcess, socket?: SendHandle) => process.send?.(message, socket)
const server = createServer((request, response) => {
  if (request.url === "/abort") process.kill(process.pid, "SIGABRT")
  response.end(String(process.pid))
})
const copies: SendHandle[] = []

process.on("message", (message: ToWebProcess, socket: SendHandle) => {
  if (message.type === "socket") {
    copies.push(socket)
    if (copies.length === 1) tell({ type: "socket" }, socket)
  } else if (message.type === "mount") {
    if (process.env.WEB_CHILD_FAILS) process.exit(3)
    tell({ type: "ready" })
  } else if (message.type === "accept") acceptFrom(server, copies)
})
process.on("disconnect", () => process.exit())
