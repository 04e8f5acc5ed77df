import { once } from "node:events"
import { createServer, type Server, request as send } from "node:http"
import net, { type AddressInfo } from "node:net"
import { afterEach, describe, expect, it } from "vitest"
import { readServerSettings } from "./derive-settings.ts"
import { createHttpServer } from "./http-server.ts"
import { bodyLimit, isTooDeep } from "./request-body.ts"

const KIB = 1024
const MIB = 1024 * KIB
const opened: { close(): unknown }[] = []
afterEach(() => {
  for (const each of opened.splice(0)) each.close()
})

/** The app's server with a Next that reads the body it is given and answers its length. */
async function aServer() {
  const port = await freePort()
  const settings = { PORT: String(port), HOST: "127.0.0.1", APP_URL: `http://127.0.0.1:${port}` }
  const http = createHttpServer(readServerSettings(settings), { dev: false })
  const parsed: number[] = []
  await http.listen()
  opened.push(http)
  http.mount({
    visitor: {
      serveAsset: () => false,
      answer: async ({ path, readBody }) => {
        try {
          return { status: 200, headers: [], body: String((await readBody(16 * MIB)).length) }
        } catch (error) {
          const status = error instanceof Error && "status" in error ? Number(error.status) : 500
          return { status, headers: [], body: path }
        }
      },
    },
    next: async (request, response) => {
      let size = 0
      for await (const chunk of request) size += chunk.length
      parsed.push(size)
      response.end(String(size))
    },
    storeOrigin: "http://127.0.0.1:9",
  })
  return { port, parsed }
}

async function freePort() {
  const server: Server = createServer().listen(0, "127.0.0.1")
  await once(server, "listening")
  const { port } = server.address() as AddressInfo
  server.close()
  return port
}

type Sent = { path: string; bytes: number; chunked?: boolean; fill?: string; type?: string }

/**
 * Sends a body of so many bytes as fast as it is taken; the status and what was written by then.
 */
function post(
  port: number,
  { path, bytes, chunked = false, fill = "a", type = "text/plain" }: Sent,
) {
  return new Promise<{ status: number; body: string; written: number }>((resolve, reject) => {
    const headers: Record<string, string | number> = { "content-type": type }
    if (!chunked) headers["content-length"] = bytes
    const request = send({ host: "127.0.0.1", port, path, method: "POST", headers, agent: false })
    let written = 0
    let answered = false
    request.once("response", async (response) => {
      answered = true
      let body = ""
      for await (const chunk of response) body += chunk
      request.destroy()
      resolve({ status: response.statusCode ?? 0, body, written })
    })
    request.on("error", (error) => answered || reject(error))
    const piece = Buffer.alloc(64 * KIB, fill)
    const write = () => {
      while (!answered && written < bytes) {
        const next = piece.subarray(0, bytes - written)
        written += next.length
        if (!request.write(next)) return void request.once("drain", write)
      }
      if (!answered) request.end()
    }
    write()
  })
}

describe("the body of a request", () => {
  it.each([
    ["/api/auth/callback/credentials", 16 * KIB],
    ["/sign-in", 16 * KIB],
    ["/invite/abc", 16 * KIB],
    ["/s/token/unlock", 16 * KIB],
    ["/s/token/d/file", 16 * KIB],
    ["/s/token/claim", MIB],
    ["/api/v1/shares", MIB],
    ["/shares", MIB],
  ])("of %s may have %i bytes", (path, limit) => {
    expect(bodyLimit(path)).toBe(limit)
  })

  it("reaches its reader whole up to the limit, announced or in chunks", async () => {
    const { port, parsed } = await aServer()
    for (const [path, bytes] of [
      ["/api/auth/callback/credentials", 16 * KIB],
      ["/api/v1/shares", MIB],
      ["/s/token/unlock", 16 * KIB],
      ["/s/token/claim", MIB],
    ] as const) {
      for (const chunked of [false, true]) {
        const { status, body } = await post(port, { path, bytes, chunked })
        expect([path, status, body]).toEqual([path, 200, String(bytes)])
      }
    }
    expect(parsed).toEqual([16 * KIB, 16 * KIB, MIB, MIB])
  })

  it("above the limit is refused with an answer that arrives, and nothing parses it", async () => {
    const { port, parsed } = await aServer()
    for (const path of [
      "/api/auth/callback/credentials",
      "/api/v1/shares",
      "/shares",
      "/s/token/unlock",
      "/s/token/claim",
    ]) {
      for (const chunked of [false, true]) {
        const { status, written } = await post(port, { path, bytes: 100 * MIB, chunked })
        expect([path, status]).toEqual([path, 413])
        expect(written).toBeLessThan(20 * MIB)
      }
    }
    expect(parsed).toEqual([])
  }, 30_000)

  it("of a hundred megabytes of brackets holds no other request up", async () => {
    const { port } = await aServer()
    const attacks = Array.from({ length: 4 }, () =>
      post(port, {
        path: "/api/auth/callback/credentials",
        bytes: 100 * MIB,
        chunked: true,
        fill: "[",
        type: "application/json",
      }),
    )
    for (let n = 0; n < 5; n++) {
      const began = performance.now()
      expect((await fetch(`http://127.0.0.1:${port}/api/live`)).status).toBe(204)
      expect(performance.now() - began).toBeLessThan(1_000)
    }
    expect((await Promise.all(attacks)).map(({ status }) => status)).toEqual([413, 413, 413, 413])
  }, 30_000)

  it("that nests deep is refused before it is parsed, also within the limit", async () => {
    const { port, parsed } = await aServer()
    for (const path of ["/api/v1/shares", "/api/auth/callback/credentials", "/s/token/claim"]) {
      const type = "application/json"
      const { status } = await post(port, { path, bytes: 10_000, fill: "[", type })
      expect([path, status]).toEqual([path, 400])
    }
    expect(parsed).toEqual([])
  })

  it("nests by its brackets alone, not by those in its strings", () => {
    const nested = (depth: number) => Buffer.from(`${'{"a":['.repeat(depth)}1${"]}".repeat(depth)}`)
    expect(isTooDeep(nested(30))).toBe(false)
    expect(isTooDeep(nested(33))).toBe(true)
    expect(isTooDeep(Buffer.from(JSON.stringify({ a: '\\"[[[['.repeat(100), b: [1] })))).toBe(false)
  })

  it("that never comes to its end does not hold the server's end up", async () => {
    const { port } = await aServer()
    const socket = net.connect(port, "127.0.0.1")
    socket.on("error", () => {})
    socket.write(
      `POST /api/v1/shares HTTP/1.1\r\nHost: 127.0.0.1:${port}\r\nContent-Length: 100\r\n\r\nabc`,
    )
    await once(socket, "connect")
    expect((await fetch(`http://127.0.0.1:${port}/api/live`)).status).toBe(204)
    socket.destroy()
  })
})
