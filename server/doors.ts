import cluster from "node:cluster"
import { once } from "node:events"
import type { Server } from "node:http"
import net, { type ListenOptions, type Socket } from "node:net"

/**
 * A socket that listens gives one connection in a turn of the event loop (libuv 1.52), and in a
 * flood there are ten turns a second: new visitors would wait for seconds. Linux deals connections
 * out to several sockets of one port.
 */
const DOORS = process.platform === "linux" && cluster.isPrimary ? 64 : 1

/** Connections that may be open; one more is closed as soon as it is there. */
const MOST = 4_096
/** From this part of them on, those that wait for nothing are closed to make room. */
const CROWDED = 0.75
/** How many connections the kernel keeps until they are accepted, for each socket. */
const BACKLOG = 1_024

type Place = { host: string | undefined; port: number }

/**
 * Lets a server listen on a port that nothing else listens on. Returns what closes the sockets that
 * it does not know.
 */
export async function openDoors(server: Server, { host, port }: Place) {
  const place = { port, backlog: BACKLOG, ...(host === undefined ? {} : { host }) }
  const isShared = DOORS > 1
  // Only a socket that shares its port with none is refused one that is taken.
  if (isShared) await close(await listen(net.createServer(), place))
  await listen(server, { ...place, reusePort: isShared })
  const doors: net.Server[] = []
  for (let n = 1; n < DOORS; n++) {
    // As Node's HTTP server listens itself.
    const door = net.createServer({ allowHalfOpen: true, noDelay: true }, (socket) =>
      server.emit("connection", socket),
    )
    doors.push(await listen(door, { ...place, reusePort: true }))
  }
  return () => Promise.all(doors.map(close))
}

async function listen(server: net.Server, place: ListenOptions) {
  server.listen(place)
  await once(server, "listening")
  return server
}

const close = (server: net.Server) => new Promise((resolve) => server.close(resolve))

/** Bounds how many connections clients can hold, however they came in. */
export function boundConnections(server: Server, most = MOST) {
  const open = new Set<Socket>()
  let madeRoomAt = Number.NEGATIVE_INFINITY
  server.on("connection", (socket: Socket) => {
    if (open.size >= most) return socket.destroy()
    open.add(socket)
    socket.once("close", () => open.delete(socket))
    if (open.size < most * CROWDED || performance.now() - madeRoomAt < 1000) return
    madeRoomAt = performance.now()
    server.closeIdleConnections()
  })
}
