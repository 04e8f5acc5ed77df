import { once } from "node:events"
import net from "node:net"

type Sent = {
  /** The bytes of the body, in parts; each is sent when the network has taken those before. */
  body?: Iterable<string | Buffer>
  /** Ends the connection after so long, whatever came back. */
  waitMs?: number
}

type Received = {
  /** 0 where nothing came back. */
  status: number
  text: string
  /** Whether the server closed, and not the end of the wait. */
  isClosed: boolean
}

/**
 * Sends a head as it is written and a body by a raw socket, and reads only then. Resolves to what
 * came back when the server closed.
 */
export function sendRaw(url: string, head: string[], { body = [], waitMs = 60_000 }: Sent = {}) {
  const { host, hostname, port } = new URL(url)
  return new Promise<Received>((resolve) => {
    const socket = net.connect(Number(port), hostname)
    let text = ""
    let isClosed = true
    const timer = setTimeout(() => {
      isClosed = false
      socket.destroy()
    }, waitMs)
    const closed = new Promise<void>((resolve) => socket.once("close", () => resolve()))
    socket.on("error", () => {})
    socket.once("close", () => {
      clearTimeout(timer)
      resolve({ status: Number(/^HTTP\/1\.1 (\d+)/.exec(text)?.[1] ?? 0), text, isClosed })
    })
    socket.write([...head, `Host: ${host}`, "", ""].join("\r\n"))
    const sending = async () => {
      for (const part of body) {
        if (socket.destroyed) break
        if (!socket.write(part)) await Promise.race([once(socket, "drain"), closed])
      }
      socket.on("data", (bytes) => {
        text += bytes
      })
    }
    sending().catch(() => socket.destroy())
  })
}

/** So many megabytes of one character. */
export function* megabytes(count: number, fill: string) {
  const part = Buffer.alloc(1024 * 1024, fill)
  for (let n = 0; n < count; n++) yield part
}
