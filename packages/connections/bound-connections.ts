import type { IncomingMessage, ServerResponse } from "node:http"
import type { Socket } from "node:net"
import { boundPipelining } from "./bound-pipelining.ts"
import { networkOf } from "./network-of.ts"

export type ConnectionBounds = {
  /** The maximum number of open connections. The default is 4,096. */
  most?: number
  /** Whether an address belongs to a proxy, whose connections carry many clients. */
  isProxy?: (address: string) => boolean
}

const MOST = 4_096
/** The fraction of all connections that one client may have. */
const SHARE = 0.5
/** Above this fraction, each new connection causes others to be closed. */
const CROWDED = 0.75
/** The fraction closed at a time, because finding the client with the most takes a while. */
const MADE_ROOM = 1 / 64
/** The minimum rate of a body in bytes per second. A slower one counts as stalled. */
const LEAST_RATE = 1_024

type Connection = {
  socket: Socket
  client: Client
  /** Requests on the connection whose answers have not ended, in order. */
  requests: Set<IncomingMessage>
  latest?: IncomingMessage
  /** The last measurement of how the request's body arrives, and the result. */
  seen: { at: number; bytes: number; isMoving: boolean }
}

type Client = {
  name: string
  isProxy: boolean
  open: number
  /**
   * Connections that have sent no complete request yet, or none since the last answer, oldest
   * first. A connection whose request became complete stays here until it is checked.
   */
  waiting: Set<Connection>
}

/**
 * Limits the open connections of an HTTP server, those of one client, and the unanswered requests
 * of a connection. A client is an IPv4 address or an IPv6 /64, with at most half of the
 * connections. A new connection causes another to be closed if its client is over the limit, or if
 * three quarters of all are open: of the client with the most waiting connections, the one without
 * a complete request for longest. A connection stays open while its request is being answered, or
 * while a body arrives at 1 KiB/s or more.
 */
export function boundConnections({ most = MOST, isProxy = () => false }: ConnectionBounds) {
  const clients = new Map<string, Client>()
  const connections = new Map<Socket, Connection>()

  function accept(socket: Socket) {
    const { remoteAddress } = socket
    // A connection by a Unix socket has no address.
    const isOfMany = remoteAddress === undefined || isProxy(remoteAddress)
    const name = isOfMany ? "proxies" : networkOf(remoteAddress)
    const client = clients.get(name) ?? { name, isProxy: isOfMany, open: 0, waiting: new Set() }
    if (!isOfMany && client.open >= most * SHARE && !closeOldest(client)) return socket.destroy()
    if (connections.size >= most * CROWDED) makeRoom()
    if (connections.size >= most) return socket.destroy()
    enter(socket, client)
  }

  function enter(socket: Socket, client: Client) {
    const seen = { at: performance.now(), bytes: 0, isMoving: false }
    const connection: Connection = { socket, client, requests: new Set(), seen }
    boundPipelining(connection)
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

  /** Counts a request on its connection until its answer has ended. */
  function follow(request: IncomingMessage, response: ServerResponse) {
    const connection = connections.get(request.socket)
    if (!connection) return
    const { client, requests, socket } = connection
    requests.add(request)
    connection.latest = request
    connection.seen = { at: performance.now(), bytes: socket.bytesRead, isMoving: false }
    response.once("close", () => {
      requests.delete(request)
      if (requests.size > 0 || !connections.has(socket)) return
      client.waiting.delete(connection)
      client.waiting.add(connection)
    })
  }

  /** Closes waiting connections of the clients with the most of them; those of proxies last. */
  function makeRoom() {
    const ranked = [...clients.values()]
      .filter(({ waiting }) => waiting.size > 0)
      .sort((a, b) => Number(a.isProxy) - Number(b.isProxy) || b.waiting.size - a.waiting.size)
    let left = Math.ceil(most * MADE_ROOM)
    for (const client of ranked) while (left > 0 && closeOldest(client)) left -= 1
  }

  /** Closes the client's connection that has waited longest. Returns false if there is none. */
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

  return { accept, follow }
}

/** Whether the connection's first request is complete; later ones wait for its answer. */
function isAnswered({ requests }: Connection) {
  const [first] = requests
  return first?.complete === true
}

/** Whether the body arrives at the least rate since the last check, or was just checked. */
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
