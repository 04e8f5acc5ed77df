import http from "node:http"
import type { AddressInfo } from "node:net"
import { Transform } from "node:stream"
import { setTimeout as sleep } from "node:timers/promises"

/** The fault that the proxy injects into GETs of one file. */
export type DownloadFault =
  /** Each GET is answered with this status. */
  | { status: 500 }
  /** The first GET breaks after this many bytes. */
  | { cutAfter: number }
  /**
   * URLs as old as the first one used have expired; the answer has no CORS headers, like Ceph's.
   */
  | { lapsed: true }
  /** One bit of the first byte is changed. */
  | { damaged: true }

export type DownloadProxy = {
  url: string
  forwardTo: (url: string) => void
  /** The faults by file name. */
  faults: Map<string, DownloadFault>
  /** The number of GETs so far, by file name. */
  gets: Map<string, number>
  /** The number of bytes sent to the browser. */
  sentBytes: () => number
  /** Limits the rate of all downloads together in bytes per second; null for no limit. */
  limitRate: (bytesPerSecond: number | null) => void
  /** Breaks every open connection. */
  cut: () => void
  close: () => Promise<void>
}

/**
 * A proxy in front of the store that injects faults into downloads by file name, which is in the
 * signed URL. It keeps the browser's Host header, because that is signed.
 */
export async function openDownloadProxy(): Promise<DownloadProxy> {
  const faults = new Map<string, DownloadFault>()
  const gets = new Map<string, number>()
  const lapsed = new Map<string, string>()
  let target = new URL("http://localhost")
  let bytesPerSecond: number | null = null
  let freeAt = 0
  let sent = 0

  const throttle = async (bytes: number) => {
    if (bytesPerSecond === null) return
    const now = Date.now()
    freeAt = Math.max(freeAt, now) + (bytes / bytesPerSecond) * 1000
    if (freeAt > now) await sleep(freeAt - now)
  }

  const server = http.createServer((request, response) => {
    const { method, url = "/", headers } = request
    const { hostname, port } = target
    const upstream = http.request({ hostname, port, method, path: url, headers, agent: false })
    upstream.once("error", () => response.destroy())
    const name = method === "GET" ? nameIn(url) : ""
    const count = (gets.get(name) ?? 0) + 1
    gets.set(name, count)
    const fault = faults.get(name)
    if (fault && "status" in fault) {
      response.writeHead(fault.status, { "Access-Control-Allow-Origin": "*" }).end()
      return upstream.destroy()
    }
    if (fault && "lapsed" in fault) {
      const signature = new URLSearchParams(url.split("?")[1]).get("X-Amz-Signature") ?? ""
      if (!lapsed.has(name)) lapsed.set(name, signature)
      if (lapsed.get(name) === signature) {
        response.writeHead(403).end()
        return upstream.destroy()
      }
    }
    upstream.once("response", (answer) => {
      response.writeHead(answer.statusCode ?? 500, answer.headers)
      const isFromStart = /^bytes 0-/.test(answer.headers["content-range"] ?? "bytes 0-")
      let passed = 0
      const gate = new Transform({
        async transform(chunk: Buffer, _, done) {
          await throttle(chunk.length)
          if (fault && "damaged" in fault && isFromStart && passed === 0)
            chunk[0] = (chunk[0] ?? 0) ^ 1
          passed += chunk.length
          if (fault && "cutAfter" in fault && count === 1 && passed > fault.cutAfter)
            return response.destroy()
          sent += chunk.length
          done(null, chunk)
        },
      })
      answer.pipe(gate).pipe(response)
    })
    response.once("close", () => upstream.destroy())
    request.pipe(upstream)
  })
  server.on("connection", (socket) => socket.on("error", () => {}))
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve))
  const { port } = server.address() as AddressInfo

  return {
    url: `http://localhost:${port}`,
    forwardTo: (url) => {
      target = new URL(url)
    },
    faults,
    gets,
    sentBytes: () => sent,
    limitRate: (limit) => {
      bytesPerSecond = limit
      freeAt = 0
    },
    cut: () => server.closeAllConnections(),
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve())
        server.closeAllConnections()
      }),
  }
}

function nameIn(url: string) {
  const query = new URLSearchParams(url.split("?")[1])
  const disposition = query.get("response-content-disposition") ?? ""
  return /filename="?([^";]+)/.exec(disposition)?.[1] ?? ""
}
