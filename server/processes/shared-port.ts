import type { ChildProcess, SendHandle } from "node:child_process"
import type { Server } from "node:http"
import net from "node:net"
import type { FromWebProcess, ToWebProcess } from "./web-messages.ts"

// The port has one listening socket, open from the start of Lapse to its end. The main process
// creates it and answers on it while no web process serves. Web processes accept from copies of it.
// A connection that arrives while no process accepts waits in the socket and is not refused.

/**
 * The number of copies for all web processes. A copy accepts one connection per iteration of the
 * event loop (libuv 1.52), and a flood leaves ten iterations a second: with one copy, new visitors
 * would wait for seconds.
 */
const COPIES = 64

/**
 * The number of connections that the kernel keeps until they are accepted; Linux allows no more by
 * default. It drops others, whose clients retry after a second.
 */
export const BACKLOG = 4_096

/** A connection that was opened just before the web processes serve is closed after this time. */
const LAST_REQUEST_MS = 15_000

/** Creates the port in the main process, where `server` answers until web processes do. */
export function createSharedPort(server: Server) {
  /** A copy on which no process accepts. */
  let spare: SendHandle
  let isOpen = true
  let isAnswering = true
  let closing: NodeJS.Timeout | undefined
  // A client that kept its connection would always be answered that Lapse is starting.
  server.maxRequestsPerSocket = 1

  const keep = (copy: SendHandle) => {
    if (spare === undefined && isOpen) spare = copy
    else closeSocket(copy)
  }

  return {
    /**
     * Gives a web process its share of the copies; `processes` is the number of web processes. The
     * process sends one back, because no process can copy a socket itself.
     */
    share(child: ChildProcess, processes: number) {
      const message: ToWebProcess = { type: "socket" }
      const socket = spare ?? socketOf(server)
      for (let n = 0; n < COPIES / processes; n++) child.send(message, socket, () => {})
      child.on("message", ({ type }: FromWebProcess, copy) => {
        if (type === "socket") keep(copy)
      })
    },

    /** Stops accepting, so that the web processes get the new connections. */
    leave() {
      if (!isAnswering) return
      isAnswering = false
      server.close()
      closing = setTimeout(() => server.closeAllConnections(), LAST_REQUEST_MS).unref()
    },

    /** Accepts again, because no web process serves. */
    answer() {
      if (isAnswering || spare === undefined) return
      isAnswering = true
      clearTimeout(closing)
      server.listen(spare, BACKLOG)
      spare = undefined
    },

    /** Closes the port here; web processes keep their copies. */
    close() {
      isOpen = false
      closeSocket(spare)
      spare = undefined
    },
  }
}

export type SharedPort = ReturnType<typeof createSharedPort>

/** Lets a server accept from copies of a socket. Returns how to close those it does not own. */
export function acceptFrom(server: Server, [first, ...rest]: SendHandle[]) {
  server.listen(first, BACKLOG)
  const servers = rest.map((copy) =>
    net
      // Node's HTTP server listens with the same options.
      .createServer({ allowHalfOpen: true, noDelay: true }, (socket) =>
        server.emit("connection", socket),
      )
      .listen(copy, BACKLOG),
  )
  return () => {
    for (const other of servers) other.close()
  }
}

/** The handle of a listening server that `listen` and `send` accept. */
const socketOf = (server: Server): SendHandle => Reflect.get(server, "_handle")

function closeSocket(socket: SendHandle) {
  if (socket && "close" in socket) socket.close()
}
