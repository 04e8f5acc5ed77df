import type { ChildProcess, SendHandle } from "node:child_process"
import type { Server } from "node:http"
import net from "node:net"
import type { FromWebProcess, ToWebProcess } from "./web-messages.ts"

// The port has one listening socket, open from the first moment of a start to the last. The main
// process creates it and answers on it while no web process serves; web processes accept from
// copies of it. A connection that arrives while no process accepts waits in the socket and is not
// refused.

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

/** The time for a request on a connection that was opened just before the web processes serve. */
const LAST_REQUEST_MS = 15_000

/** Creates the port in the main process, where `server` answers until web processes do. */
export function createSharedPort(server: Server) {
  /** A copy from which no process accepts. */
  let spare: SendHandle
  let isOpen = true
  let isAnswering = true
  let closing: NodeJS.Timeout | undefined
  // A client that kept its connection would be told forever that Lapse is starting.
  server.maxRequestsPerSocket = 1

  const keep = (copy: SendHandle) => {
    if (spare === undefined && isOpen) spare = copy
    else closeSocket(copy)
  }

  return {
    /**
     * Gives a web process its part of the copies; `processes` is the number of web processes. It
     * sends one back, because no process can copy a socket itself.
     */
    share(child: ChildProcess, processes: number) {
      const message: ToWebProcess = { type: "socket" }
      const socket = spare ?? socketOf(server)
      for (let n = 0; n < COPIES / processes; n++) child.send(message, socket, () => {})
      child.on("message", ({ type }: FromWebProcess, copy) => {
        if (type === "socket") keep(copy)
      })
    },

    /** Leaves new connections to the web processes. */
    leave() {
      if (!isAnswering) return
      isAnswering = false
      server.close()
      closing = setTimeout(() => server.closeAllConnections(), LAST_REQUEST_MS).unref()
    },

    /** Answers again, because no web process serves. */
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
      // The options that Node's HTTP server listens with.
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
