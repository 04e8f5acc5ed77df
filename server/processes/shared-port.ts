import type { ChildProcess, SendHandle } from "node:child_process"
import type { Server } from "node:http"
import net from "node:net"
import type { FromWebProcess, ToWebProcess } from "./web-messages.ts"

// The port of Lapse has one listening socket, which is open from the first to the last moment. The
// main process makes it and answers on it while no web process serves; web processes accept from
// copies of it. A connection that comes while no process accepts waits in it and is not refused.

/**
 * Among all web processes. A copy gives one connection in a turn of the event loop (libuv 1.52), and
 * in a flood there are ten turns a second: with one copy new visitors would wait for seconds.
 */
const COPIES = 64

/**
 * How many connections the kernel keeps until they are accepted; Linux allows no more by default. It
 * drops others, whose clients try again after a second.
 */
export const BACKLOG = 4_096

/** How long a connection may take that was opened just before the web processes serve. */
const LAST_REQUEST_MS = 15_000

/** The port in the main process. `server` listens on it and answers while no web process does. */
export function createSharedPort(server: Server) {
  /** A copy that nothing accepts from. */
  let spare: SendHandle
  let isOpen = true
  let isAnswering = true
  let closing: NodeJS.Timeout | undefined
  // Who keeps its connection would be told for ever that Lapse is starting.
  server.maxRequestsPerSocket = 1

  const keep = (copy: SendHandle) => {
    if (spare === undefined && isOpen) spare = copy
    else closeSocket(copy)
  }

  return {
    /**
     * Gives a web process, of so many, its copies. It sends one back: no process can copy a socket
     * itself.
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

    /** Lets go of the port; web processes go on with their copies. */
    close() {
      isOpen = false
      closeSocket(spare)
      spare = undefined
    },
  }
}

export type SharedPort = ReturnType<typeof createSharedPort>

/** Lets a server accept from copies of a socket. Returns what closes those that it does not know. */
export function acceptFrom(server: Server, [first, ...others]: SendHandle[]) {
  server.listen(first, BACKLOG)
  const doors = others.map((copy) =>
    net
      // As Node's HTTP server listens itself.
      .createServer({ allowHalfOpen: true, noDelay: true }, (socket) =>
        server.emit("connection", socket),
      )
      .listen(copy, BACKLOG),
  )
  return () => {
    for (const door of doors) door.close()
  }
}

/** What `listen` and `send` take for the socket of a server that listens: Node's own property. */
const socketOf = (server: Server): SendHandle => Reflect.get(server, "_handle")

function closeSocket(socket: SendHandle) {
  if (socket && "close" in socket) socket.close()
}
