import { once } from "node:events"
import { request } from "node:http"
import net, { type Socket } from "node:net"

/** Bytes that keep a connection open without a complete request. */
export const UNFINISHED = {
  head: "GET / HTTP/1.1\r\nHost: x\r\nX-Held: ",
  body: "POST /s/0123456789abcdef0123456789abcdef/claim HTTP/1.1\r\nHost: localhost:3000\r\nContent-Length: 100\r\n\r\n",
  silence: "",
}

/** Whether clients of a test can use all addresses of 127.0.0.0/8, which only Linux has. */
export const ADDRESSES = process.platform === "linux"

type Held = { port: number; from: string; count: number; bytes: string }

/** Opens connections from an address, each of which sends these bytes and nothing more. */
export async function holdConnections({ port, from, count, bytes }: Held) {
  const sockets: Socket[] = []
  while (sockets.length < count) {
    const some = Array.from({ length: Math.min(100, count - sockets.length) }, () => {
      const socket = net.connect({ port, host: "127.0.0.1", localAddress: from })
      return socket.on("error", () => {}).resume()
    })
    sockets.push(...some)
    await Promise.all(some.map((socket) => once(socket, "connect")))
    for (const socket of some) if (bytes) socket.write(bytes)
  }
  return {
    sockets,
    /** The number of connections that the server has not closed. */
    open: () => sockets.filter((socket) => !socket.closed && !socket.readableEnded).length,
    close: () => {
      for (const socket of sockets) socket.destroy()
    },
  }
}

/**
 * The status of a GET on a new connection; null if no answer came within half a minute, which a busy
 * machine may take to serve what came before.
 */
export function askFrom(from: string, port: number, path = "/") {
  return new Promise<number | null>((resolve) => {
    const options = { host: "127.0.0.1", port, path, localAddress: from, agent: false }
    const asked = request({ ...options, timeout: 30_000 }, (response) => {
      response.resume()
      response.once("end", () => resolve(response.statusCode ?? null))
    })
    asked.once("timeout", () => asked.destroy())
    asked.once("error", () => resolve(null)).end()
  })
}
