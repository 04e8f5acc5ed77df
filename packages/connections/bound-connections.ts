import type { IncomingMessage, Server, ServerResponse } from "node:http"
import type { Socket } from "node:net"
import { networkOf } from "./network-of.ts"

export type ConnectionBounds = {
  /** How many connections may be open. The default is 4,096. */
  most?: number
  /** Whether an address is that of a proxy, whose connections are many clients'. */
  isProxy?: (address: string) => boolean
}

const MOST = 4_096
/** The part of them that one client may have. */
const SHARE = 0.5
/** From this part of them on, each new one has others closed. */
const CROWDED = 0.75
/** The part of them that is closed at once then: to find out who has most takes a while. */
const MADE_ROOM = 1 / 64
/** In bytes per second: a body that arrives more slowly makes no progress. */
const LEAST_RATE = 1_024

type Connection = {
  socket: Socket
  client: Client
  /** The requests on it whose answers have not ended, in their order. */
  requests: Set<IncomingMessage>
  /** When somebody last looked at how its body arrives, and what was seen. */
  seen: { at: number; bytes: number; isMoving: boolean }
}

type Client = {
  name: string
  isProxy: boolean
  open: number
  /**
   * The connections that sent no whole request yet, or none since the last answer, oldest first.
   * One whose request became whole stays here until it is looked at.
   */
  waiting: Set<Connection>
}

/**
 * Bounds how many connections an HTTP server has open, and what one client can hold of them: an IPv4
 * address or a /64 of IPv6 has at most half. A client's connection too many, and each one where three
 * quarters are open, has another closed: of the client that waits on most, the one that has been
 * without a whole request for longest. A request that is being answered keeps its connection, and so
 * does a body that arrives at 1 KiB/s. The server must have its listeners for requests already.
 */
export function boundConnections(
  server: Server,
  { most = MOST, isProxy = () => false }: ConnectionBounds = {},
) {
  const clients = new Map<string, Client>()
  const connections = new Map<Socket, Connection>()

  server.on("connection", (socket: Socket) => {
    const { remoteAddress } = socket
    // Without an address it came by a Unix socket.
    const isOfMany = remoteAddress === undefined || isProxy(remoteAddress)
    const name = isOfMany ? "proxies" : networkOf(remoteAddress)
    const client = clients.get(name) ?? { name, isProxy: isOfMany, open: 0, waiting: new Set() }
    if (!isOfMany && client.open >= most * SHARE && !closeOldest(client)) return socket.destroy()
    if (connections.size >= most * CROWDED) makeRoom()
    if (connections.size >= most) return socket.destroy()
    enter(socket, client)
  })

  // Node itself answers `Expect: 100-continue` where nothing listens to it.
  for (const event of ["request", "checkContinue"])
    if (server.listenerCount(event) > 0) server.prependListener(event, follow)

  function enter(socket: Socket, client: Client) {
    const seen = { at: performance.now(), bytes: 0, isMoving: false }
    const connection = { socket, client, requests: new Set<IncomingMessage>(), seen }
    connections.set(socket, connection)
    clients.set(client.name, client)
    client.open += 1
    client.waiting.add(connection)
    socket.once("close", () => leave(connection))
  }

  function leave(connection: Connection) {
    const { socket, client } = connection
    if (!connections.delete(socket)) return
    client.waiting.delete(connection)
    client.open -= 1
    if (client.open === 0) clients.delete(client.name)
  }

  function follow(request: IncomingMessage, response: ServerResponse) {
    const connection = connections.get(request.socket)
    if (!connection) return
    const { client, requests, socket } = connection
    requests.add(request)
    connection.seen = { at: performance.now(), bytes: socket.bytesRead, isMoving: false }
    response.once("close", () => {
      requests.delete(request)
      if (requests.size > 0 || !connections.has(socket)) return
      client.waiting.delete(connection)
      client.waiting.add(connection)
    })
  }

  /** Closes connections that wait, of the clients that have most of them; of proxies last. */
  function makeRoom() {
    const ranked = [...clients.values()]
      .filter(({ waiting }) => waiting.size > 0)
      .sort((a, b) => Number(a.isProxy) - Number(b.isProxy) || b.waiting.size - a.waiting.size)
    let left = Math.ceil(most * MADE_ROOM)
    for (const client of ranked) while (left > 0 && closeOldest(client)) left -= 1
  }

  /** Closes the connection of a client that has waited for longest. False where there is none. */
  function closeOldest({ waiting }: Client) {
    let left = waiting.size
    for (const connection of waiting) {
      if (left-- === 0) return false
      waiting.delete(connection)
      if (isAnswered(connection)) continue
      if (isMoving(connection)) {
        waiting.add(connection)
        continue
      }
      leave(connection)
      connection.socket.destroy()
      return true
    }
    return false
  }
}

/** Whether the first request on it is whole: those after it wait for its answer. */
function isAnswered({ requests }: Connection) {
  const [first] = requests
  return first?.complete === true
}

/** Whether a body has arrived at the least rate since somebody last looked, or a moment ago. */
function isMoving(connection: Connection) {
  const { socket, requests, seen } = connection
  if (requests.size === 0) return false
  const at = performance.now()
  const seconds = (at - seen.at) / 1000
  if (seen.isMoving && seconds < 1) return true
  const isMoving = socket.bytesRead - seen.bytes >= LEAST_RATE * seconds
  connection.seen = { at, bytes: socket.bytesRead, isMoving }
  return isMoving
}
