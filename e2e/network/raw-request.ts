import { once } from "node:events"
import net from "node:net"

type Sent = {
  /** The body in parts; each is sent when the network has accepted the ones before. */
  body?: Iterable<string | Buffer>
  /** Closes the connection after this time. */
  waitMs?: number
}

type Received = {
  /** 0 if there was no answer. */
  status: number
  text: string
  /** Whether the server closed the connection, not the timeout. */
  isClosed: boolean
}

/**
 * Sends a raw head and body over a socket, and reads only afterwards. Resolves with the received
 * text when the server closes the connection.
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

/** This many megabytes of one character. */
export function* megabytes(count: number, fill: string) {
  const part = Buffer.alloc(1024 * 1024, fill)
  for (let n = 0; n < count; n++) yield part
}
