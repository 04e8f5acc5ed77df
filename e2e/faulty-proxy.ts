import http from "node:http"
import type { AddressInfo, Socket } from "node:net"
import { Transform } from "node:stream"
import { setTimeout as sleep } from "node:timers/promises"

/** What may befall one PUT on its way to the store. */
export type Fault =
  /** The connection breaks when this many bytes of the body have passed. */
  | { drop: number }
  /** Answered with this status; nothing of it reaches the store. */
  | { status: 403 | 500 | 503 }
  /** It passes, this much later. */
  | { delayMs: number }

/** One PUT that came this way: which part (0: not a part), and whether it was spoilt. */
export type Seen = { part: number; hit: boolean; arrived: boolean }

export type FaultyProxy = {
  url: string
  seen: Seen[]
  leadTo: (url: string) => void
  /** The PUTs after these many more meet these faults, one each. */
  meet: (faults: Record<number, Fault>) => void
  /** Bytes per second of all uploads together; null: as fast as they come. */
  limit: (bytesPerSecond: number | null) => void
  /** Every connection breaks, and none is accepted. */
  cut: () => void
  mend: () => void
  close: () => Promise<void>
}

/**
 * A way to the store on which uploads fare badly when told so, and which hides every ETag. It keeps
 * the host the browser asked for: that is signed.
 */
export async function openFaultyProxy(): Promise<FaultyProxy> {
  const seen: Seen[] = []
  const sockets = new Set<Socket>()
  let target = new URL("http://localhost")
  let faults: Record<number, Fault> = {}
  let count = 0
  let isCut = false
  let bytesPerSecond: number | null = null
  let freeAt = 0

  /** Lets the bytes of all uploads pass one after another at the pace. */
  const pace = async (bytes: number) => {
    if (bytesPerSecond === null) return
    const now = Date.now()
    freeAt = Math.max(freeAt, now) + (bytes / bytesPerSecond) * 1000
    if (freeAt > now) await sleep(freeAt - now)
  }

  const server = http.createServer((request, response) => {
    const isPut = request.method === "PUT"
    const fault = isPut ? faults[count++] : undefined
    const put: Seen = { part: partOf(request.url), hit: fault !== undefined, arrived: false }
    if (isPut) seen.push(put)
    response.once("close", () => {
      if (!put.arrived || !response.writableFinished) put.hit = true
    })
    if (fault && "status" in fault) return refuse(request, response, fault.status)
    void pass(request, response, put, fault)
  })

  async function pass(
    request: http.IncomingMessage,
    response: http.ServerResponse,
    put: Seen,
    fault: Exclude<Fault, { status: number }> | undefined,
  ) {
    if (fault && "delayMs" in fault) await sleep(fault.delayMs)
    const { method, url: path, headers } = request
    const isPut = method === "PUT"
    const { hostname, port } = target
    const onward = http.request({ hostname, port, method, path, headers, agent: false })
    onward.once("error", () => request.socket.destroy())
    request.once("close", () => {
      if (!request.complete) onward.destroy()
    })
    onward.once("response", (answer) => {
      put.arrived = (answer.statusCode ?? 500) < 300
      // Many a bucket's CORS does not expose it.
      const { etag: _, "access-control-expose-headers": __, ...headers } = answer.headers
      response.writeHead(answer.statusCode ?? 500, isPut ? headers : answer.headers)
      answer.pipe(response)
    })
    let passed = 0
    const gate = new Transform({
      transform(chunk: Buffer, _, done) {
        passed += chunk.length
        if (fault && "drop" in fault && passed > fault.drop) request.socket.destroy()
        else pace(chunk.length).then(() => done(null, chunk))
      },
    })
    request.pipe(gate).pipe(onward)
  }

  server.on("connection", (socket) => {
    if (isCut) return socket.destroy()
    sockets.add(socket)
    socket.on("error", () => {})
    socket.once("close", () => sockets.delete(socket))
  })
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve))
  const { port } = server.address() as AddressInfo

  return {
    url: `http://localhost:${port}`,
    seen,
    leadTo: (url) => {
      target = new URL(url)
    },
    meet(upcoming) {
      faults = Object.fromEntries(
        Object.entries(upcoming).map(([after, fault]) => [count + Number(after), fault]),
      )
    },
    limit: (pace) => {
      bytesPerSecond = pace
    },
    cut() {
      isCut = true
      for (const socket of sockets) socket.destroy()
    },
    mend: () => {
      isCut = false
    },
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve())
        server.closeAllConnections()
      }),
  }
}

const partOf = (path = "") => Number(new URLSearchParams(path.split("?")[1]).get("partNumber"))

/** As S3 answers: with an XML that says why, and for an expired URL without CORS, as Ceph does. */
function refuse(request: http.IncomingMessage, response: http.ServerResponse, status: number) {
  const code = { 403: "AccessDenied", 500: "InternalError", 503: "SlowDown" }[status]
  const cors = status === 403 ? {} : { "Access-Control-Allow-Origin": "*" }
  request.resume()
  request.once("end", () => {
    response.writeHead(status, { "Content-Type": "application/xml", ...cors })
    response.end(`<?xml version="1.0"?><Error><Code>${code}</Code></Error>`)
  })
}
