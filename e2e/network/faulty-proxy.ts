import http from "node:http"
import type { AddressInfo, Socket } from "node:net"
import { Transform } from "node:stream"
import { setTimeout as sleep } from "node:timers/promises"

/** The fault that the proxy injects into one PUT. */
export type Fault =
  /** Breaks the connection after this many bytes of the body. */
  | { drop: number }
  /** Answers with this status; nothing reaches the store. */
  | { status: 403 | 500 | 503 }
  /** Forwards the PUT after this delay. */
  | { delayMs: number }

/**
 * A PUT through the proxy. `part` is 0 if it is not a part of a multipart upload; `disturbed` is
 * set by a fault or a broken connection; `stored` by a 2xx answer of the store.
 */
export type PutRecord = { part: number; disturbed: boolean; stored: boolean }

/**
 * A GET through the proxy. `address` identifies its presigned URL; `sent` counts the bytes of the
 * body so far.
 */
export type GetRecord = { address: string; range: string | null; status: number; sent: number }

export type FaultyProxy = {
  url: string
  puts: PutRecord[]
  gets: GetRecord[]
  forwardTo: (url: string) => void
  /**
   * Injects each fault into one PUT; the key is the number of PUTs from now on that pass before it.
   */
  injectFaults: (faults: Record<number, Fault>) => void
  /** Limits the rate of all transfers together in bytes per second; null for no limit. */
  limitRate: (bytesPerSecond: number | null) => void
  /** Breaks every connection and accepts none until `reconnect`. */
  disconnect: () => void
  reconnect: () => void
  close: () => Promise<void>
}

/**
 * A proxy in front of the store that injects faults into uploads and removes the ETag from their
 * answers. It keeps the browser's Host header, because that is signed.
 */
export async function openFaultyProxy(): Promise<FaultyProxy> {
  const puts: PutRecord[] = []
  const gets: GetRecord[] = []
  const sockets = new Set<Socket>()
  let target = new URL("http://localhost")
  let faults: Record<number, Fault> = {}
  let count = 0
  let isDisconnected = false
  let bytesPerSecond: number | null = null
  let freeAt = 0

  /** Delays these bytes so that all transfers together keep the limit. */
  const throttle = async (bytes: number) => {
    if (bytesPerSecond === null) return
    const now = Date.now()
    freeAt = Math.max(freeAt, now) + (bytes / bytesPerSecond) * 1000
    if (freeAt > now) await sleep(freeAt - now)
  }

  const server = http.createServer((request, response) => {
    const isPut = request.method === "PUT" && isOfFile(request)
    const fault = isPut ? faults[count++] : undefined
    const put = { part: partOf(request.url), disturbed: fault !== undefined, stored: false }
    if (isPut) puts.push(put)
    response.once("close", () => {
      if (!put.stored || !response.writableFinished) put.disturbed = true
    })
    if (fault && "status" in fault) return answerFault(request, response, fault.status)
    void forward(request, response, put, fault)
  })

  async function forward(
    request: http.IncomingMessage,
    response: http.ServerResponse,
    put: PutRecord,
    fault: Exclude<Fault, { status: number }> | undefined,
  ) {
    if (fault && "delayMs" in fault) await sleep(fault.delayMs)
    const { method, url: path, headers } = request
    const isPut = method === "PUT"
    const { hostname, port } = target
    const upstream = http.request({ hostname, port, method, path, headers, agent: false })
    upstream.once("error", () => request.socket.destroy())
    request.once("close", () => {
      if (!request.complete) upstream.destroy()
    })
    upstream.once("response", (answer) => {
      put.stored = (answer.statusCode ?? 500) < 300
      // The CORS rules of many buckets do not expose the ETag.
      const { etag: _, "access-control-expose-headers": __, ...headers } = answer.headers
      response.writeHead(answer.statusCode ?? 500, isPut ? headers : answer.headers)
      if (method === "GET") sendBody(answer, request, response)
      else answer.pipe(response)
    })
    let passed = 0
    const gate = new Transform({
      transform(chunk: Buffer, _, done) {
        passed += chunk.length
        if (fault && "drop" in fault && passed > fault.drop) request.socket.destroy()
        else throttle(chunk.length).then(() => done(null, chunk))
      },
    })
    request.pipe(gate).pipe(upstream)
  }

  function sendBody(
    answer: http.IncomingMessage,
    request: http.IncomingMessage,
    response: http.ServerResponse,
  ) {
    const get: GetRecord = {
      address: request.url ?? "",
      range: request.headers.range ?? null,
      status: answer.statusCode ?? 500,
      sent: 0,
    }
    if (isOfFile(request)) gets.push(get)
    const gate = new Transform({
      transform(chunk: Buffer, _, done) {
        throttle(chunk.length).then(() => {
          get.sent += chunk.length
          done(null, chunk)
        })
      },
    })
    response.once("close", () => answer.destroy())
    answer.pipe(gate).pipe(response)
  }

  server.on("connection", (socket) => {
    if (isDisconnected) return socket.destroy()
    sockets.add(socket)
    socket.on("error", () => {})
    socket.once("close", () => sockets.delete(socket))
  })
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve))
  const { port } = server.address() as AddressInfo

  return {
    url: `http://localhost:${port}`,
    puts,
    gets,
    forwardTo: (url) => {
      target = new URL(url)
    },
    injectFaults(upcoming) {
      faults = Object.fromEntries(
        Object.entries(upcoming).map(([after, fault]) => [count + Number(after), fault]),
      )
    },
    limitRate: (limit) => {
      bytesPerSecond = limit
    },
    disconnect() {
      isDisconnected = true
      for (const socket of sockets) socket.destroy()
    },
    reconnect: () => {
      isDisconnected = false
    },
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve())
        server.closeAllConnections()
      }),
  }
}

/** Whether a request is for a file, and not for what the checks after a start send and fetch. */
const isOfFile = ({ url = "" }: http.IncomingMessage) => /\/o\/(?!probe\/)/.test(url)

const partOf = (path = "") => Number(new URLSearchParams(path.split("?")[1]).get("partNumber"))

/** Answers like S3, with an XML body; a 403 has no CORS headers, like Ceph's. */
function answerFault(request: http.IncomingMessage, response: http.ServerResponse, status: number) {
  const code = { 403: "AccessDenied", 500: "InternalError", 503: "SlowDown" }[status]
  const cors = status === 403 ? {} : { "Access-Control-Allow-Origin": "*" }
  request.resume()
  request.once("end", () => {
    response.writeHead(status, { "Content-Type": "application/xml", ...cors })
    response.end(`<?xml version="1.0"?><Error><Code>${code}</Code></Error>`)
  })
}
