import { once } from "node:events"
import { createServer, type Server, request as send } from "node:http"
import net, { type AddressInfo } from "node:net"
import { setTimeout } from "node:timers/promises"
import { afterEach, describe, expect, it, vi } from "vitest"
import { refusal } from "#lib/adapters/text/sentences.ts"
import { ADDRESSES } from "#packages/connections/testing.ts"
import { readServerConfiguration } from "#server/configuration/derive-configuration.ts"
import { createHttpServer } from "#server/http/http-server.ts"
import { cpuMs } from "#testing/cpu-ms.ts"
import { bodyLimit } from "./bounded-body.ts"

const KIB = 1024
const MIB = 1024 * KIB
const opened: { close(): unknown }[] = []
afterEach(() => {
  for (const each of opened.splice(0)) each.close()
})

/**
 * The app's server with a Next that reads the body and answers its length. The cookies
 * `lapse-who=member…` count as sessions of members, and `lapse-who=ended` as one that has ended.
 */
async function aServer(stalledMs?: number) {
  const port = await freePort()
  const settings = { PORT: String(port), HOST: "127.0.0.1", APP_URL: `http://127.0.0.1:${port}` }
  const http = createHttpServer(readServerConfiguration(settings), {
    dev: false,
    ...(stalledMs && { stalledMs }),
  })
  const parsed: number[] = []
  await http.listen()
  opened.push(http)
  http.mount({
    visitor: {
      serveAsset: () => false,
      answer: async ({ path, readBody }) => {
        try {
          const maxBytes = path.endsWith("/claim") ? MIB : 16 * KIB
          return { status: 200, headers: [], body: String((await readBody(maxBytes)).length) }
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
    hasSession: async ({ cookie = "" }) => /=(member|ended)/.test(cookie),
    findMemberId: async ({ cookie = "" }) => {
      if (/=ended/.test(cookie)) throw refusal("signed_out", "signed_out")
      return /=member/.test(cookie) ? cookie : null
    },
    findCall: () => undefined,
    routeOf: () => "other",
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

type Sent = {
  path: string
  bytes: number
  chunked?: boolean
  fill?: string
  type?: string
  cookie?: string
}

/**
 * Sends a body of `bytes` bytes as fast as the server reads; returns the status and the bytes
 * written by then.
 */
function post(
  port: number,
  { path, bytes, chunked = false, fill = "a", type = "text/plain", cookie = "" }: Sent,
) {
  return new Promise<{ status: number; body: string; written: number }>((resolve, reject) => {
    const headers: Record<string, string | number> = { "content-type": type, cookie }
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

const statusesOf = (text: string) => text.match(/HTTP\/1\.1 \d+/g)

/**
 * Opens a raw connection. `head` begins a request; `read` returns the answer once the server
 * closes.
 */
function connect(port: number, localAddress = "127.0.0.1") {
  const socket = net.connect({ port, host: "127.0.0.1", localAddress })
  let text = ""
  socket
    .on("error", () => {})
    .on("data", (bytes) => {
      text += bytes
    })
  const closed = new Promise((resolve) => socket.once("close", resolve))
  const head = (path: string, headers: string) =>
    `POST ${path} HTTP/1.1\r\nHost: 127.0.0.1:${port}\r\nConnection: close\r\n${headers}\r\n\r\n`
  async function read() {
    socket.resume()
    await closed
    return text
  }
  return { socket, head, read, received: () => text }
}

describe("the body of a request", () => {
  it.each([
    ["/api/auth/callback/credentials", 16 * KIB, 16 * KIB],
    ["/auth/setup", 16 * KIB, 16 * KIB],
    ["/auth/invite", 16 * KIB, 16 * KIB],
    ["/api/v1/shares", 16 * KIB, MIB],
    ["/api/made-up", 16 * KIB, MIB],
    ["/auth-elsewhere", 16 * KIB, MIB],
  ])("of %s may have %i bytes, and from a member %i", (path, strangers, members) => {
    expect(bodyLimit(path)).toEqual({ strangers, members })
  })

  it("of a call that takes none is not larger from a member", () => {
    const small = { strangers: 16 * KIB, members: 16 * KIB }
    expect(bodyLimit("/api/v1/shares/1/restore", { takesBody: false })).toEqual(small)
    expect(bodyLimit("/api/v1/shares", { takesBody: true }).members).toBe(MIB)
  })

  it("reaches its reader whole up to the limit, announced or in chunks", async () => {
    const { port, parsed } = await aServer()
    for (const [path, bytes, cookie] of [
      ["/api/auth/callback/credentials", 16 * KIB, ""],
      ["/api/v1/shares", 16 * KIB, ""],
      ["/api/v1/shares", MIB, "lapse-who=member"],
      ["/s/token/unlock", 16 * KIB, ""],
      ["/s/token/claim", MIB, ""],
    ] as const) {
      for (const chunked of [false, true]) {
        const { status, body } = await post(port, { path, bytes, chunked, cookie })
        expect([path, status, body]).toEqual([path, 200, String(bytes)])
      }
    }
    expect(parsed).toEqual([16, 16, 16, 16, 1024, 1024].map((kib) => kib * KIB))
  })

  it("above the limit is refused with an answer that reaches the client, and is not parsed", async () => {
    const { port, parsed } = await aServer()
    for (const [path, bytes, cookie] of [
      ["/api/auth/callback/credentials", 100 * MIB, "lapse-who=member"],
      ["/api/v1/shares", 16 * KIB + 1, ""],
      ["/api/v1/shares", 16 * KIB + 1, "lapse-who=forged"],
      ["/api/v1/shares", MIB + 1, "lapse-who=member"],
      ["/auth/setup", 100 * MIB, ""],
      ["/s/token/unlock", 100 * MIB, "lapse-who=member"],
      ["/s/token/claim", 100 * MIB, "lapse-who=member"],
    ] as const) {
      for (const chunked of [false, true]) {
        const { status, written } = await post(port, { path, bytes, chunked, cookie })
        expect([path, bytes, status]).toEqual([path, bytes, 413])
        expect(written).toBeLessThan(20 * MIB)
      }
    }
    expect(parsed).toEqual([])
  })

  it("above the limit is answered also to a client that reads only after it has sent everything", async () => {
    const { port } = await aServer()
    const { socket, head, read } = connect(port)
    const part = Buffer.alloc(MIB, "[")
    socket.write(head("/api/auth/callback/credentials", `Content-Length: ${50 * MIB}`))
    socket.pause()
    for (let n = 0; n < 50; n++) if (!socket.write(part)) await once(socket, "drain")
    expect(await read()).toMatch(/^HTTP\/1\.1 413 .*"code":"too_large"/s)
  })

  it("is requested from a client that waits for it, unless it is too large", async () => {
    const { port, parsed } = await aServer()
    const path = "/api/auth/callback/credentials"
    const waiting = (bytes: number) => `Expect: 100-continue\r\nContent-Length: ${bytes}`

    const large = connect(port)
    large.socket.write(large.head(path, waiting(100 * MIB)))
    expect(await large.read()).toMatch(/^HTTP\/1\.1 413 /)

    const small = connect(port)
    small.socket.write(small.head(path, waiting(2)))
    await once(small.socket, "data")
    small.socket.write("hi")
    expect(await small.read()).toMatch(/^HTTP\/1\.1 100 Continue\r\n\r\nHTTP\/1\.1 200 /)
    expect(parsed).toEqual([2])
  })

  it("with two lengths, or lengths that lie, cannot hide a second request", async () => {
    const { port, parsed } = await aServer()
    const path = "/api/auth/callback/credentials"
    for (const framing of [
      "Content-Length: 5\r\nTransfer-Encoding: chunked",
      "Content-Length: 5\r\nContent-Length: 6",
      "Content-Length: -5",
      "Content-Length: 99999999999999999999999",
      "Transfer-Encoding: chunked, identity",
    ]) {
      const { socket, head, read } = connect(port)
      socket.write(`${head(path, framing)}0\r\n\r\n${head("/api/v1/shares", "X: y")}`)
      expect([framing, statusesOf(await read())]).toEqual([framing, ["HTTP/1.1 400"]])
    }
    expect(parsed).toEqual([])
  })

  it("in malformed chunks is refused", async () => {
    const { port, parsed } = await aServer()
    for (const chunks of ["zz\r\nabc\r\n0\r\n\r\n", `${"f".repeat(18)}\r\nabc`, "2\r\nabcd\r\n"]) {
      const { socket, head, read } = connect(port)
      socket.write(head("/api/v1/shares", "Transfer-Encoding: chunked") + chunks)
      expect([chunks, statusesOf(await read())]).toEqual([chunks, ["HTTP/1.1 400"]])
    }
    const { socket, head, read } = connect(port)
    socket.write(head("/api/v1/shares", "Transfer-Encoding: chunked"))
    socket.write(`1;${"x".repeat(40 * KIB)}\r\na\r\n0\r\n\r\n`)
    expect(statusesOf(await read())).toEqual(["HTTP/1.1 413"])
    expect(parsed).toEqual([])
  })

  it("that is refused is followed by no other request on its connection", async () => {
    const { port, parsed } = await aServer()
    const { socket, head, read } = connect(port)
    const refused = head("/api/v1/shares", `Content-Length: ${20 * KIB}`) + "x".repeat(20 * KIB)
    const small = `${head("/api/v1/shares", "Content-Length: 3")}abc`
    socket.write(refused)
    await once(socket, "data")
    socket.write(small)
    expect(statusesOf(await read())).toEqual(["HTTP/1.1 413"])
    expect(parsed).toEqual([])
  })

  it("of HTTP/1.0 has the same limit", async () => {
    const { port, parsed } = await aServer()
    for (const [bytes, status] of [
      [16 * KIB, 200],
      [16 * KIB + 1, 413],
    ] as const) {
      const { socket, head, read } = connect(port)
      const begun = head("/api/v1/shares", `Content-Length: ${bytes}`)
      socket.write(begun.replace("HTTP/1.1", "HTTP/1.0") + "x".repeat(bytes))
      expect(statusesOf(await read())).toEqual([`HTTP/1.1 ${status}`])
    }
    expect(parsed).toEqual([16 * KIB])
  })

  it("that ends before its announced length is refused and not logged as a bug", async () => {
    const { port, parsed } = await aServer()
    for (const path of ["/api/v1/shares", "/s/token/claim"]) {
      const { socket, head, read } = connect(port)
      socket.end(`${head(path, "Content-Length: 100")}abc`)
      expect(await read()).toMatch(/^HTTP\/1\.1 400 /)
    }
    expect(parsed).toEqual([])
  })

  it("that stalls is dropped, and one that arrives slowly is not", async () => {
    const { port, parsed } = await aServer(1_500)
    for (const path of ["/api/v1/shares", "/s/token/claim"]) {
      const { socket, head, read } = connect(port)
      socket.write(`${head(path, "Content-Length: 100")}abc`)
      expect(await read()).toBe("")
    }
    const { socket, head, read } = connect(port)
    socket.write(head("/api/v1/shares", "Content-Length: 20"))
    for (let n = 0; n < 20; n++) {
      await setTimeout(100)
      socket.write("x")
    }
    expect(await read()).toMatch(/^HTTP\/1\.1 200 /)
    expect(parsed).toEqual([20])
  })

  it("of a hundred megabytes of brackets delays no other request", async () => {
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
      const began = cpuMs()
      expect((await fetch(`http://127.0.0.1:${port}/api/live`)).status).toBe(204)
      expect(cpuMs() - began).toBeLessThan(3_000)
    }
    expect((await Promise.all(attacks)).map(({ status }) => status)).toEqual([413, 413, 413, 413])
  })

  it("that nests deep is refused before it is parsed, also within the limit", async () => {
    const { port, parsed } = await aServer()
    for (const path of ["/api/v1/shares", "/api/auth/callback/credentials", "/s/token/claim"]) {
      for (const type of ["application/json", "text/plain", "multipart/form-data; boundary=x"]) {
        const { status } = await post(port, { path, bytes: 10_000, fill: "[", type })
        expect([path, type, status]).toEqual([path, type, 400])
      }
    }
    expect(parsed).toEqual([])
  })

  it("above 16 KiB is not read with a session that has ended", async () => {
    const { port, parsed } = await aServer()
    const path = "/api/v1/shares"
    const { socket, head, read } = connect(port)
    const headers = `Cookie: lapse-who=ended\r\nExpect: 100-continue\r\nContent-Length: ${MIB}`
    socket.write(head(path, headers))
    expect(await read()).toMatch(/^HTTP\/1\.1 401 .*"code":"signed_out"/s)
    const small = await post(port, { path, bytes: 16 * KIB, cookie: "lapse-who=ended" })
    expect(small.status).toBe(200)
    expect(parsed).toEqual([16 * KIB])
  })

  /** Opens connections that each hold a body of almost 1 MiB; returns the number refused. */
  async function holdBodies(port: number, path: string, sent: { from?: string; cookie?: string }) {
    const { from = "127.0.0.1", cookie = "" } = sent
    const connections = Array.from({ length: 12 }, () => connect(port, from))
    for (const { socket, head } of connections) {
      socket.write(head(path, `Cookie: ${cookie}\r\nContent-Length: ${MIB}`))
      socket.write(Buffer.alloc(MIB - 1))
    }
    opened.push({ close: () => connections.map(({ socket }) => socket.destroy()) })
    return () => connections.filter(({ received }) => / 503 /.test(received())).length
  }

  it.runIf(ADDRESSES)(
    "takes 8 MiB of one sender at once, 32 MiB of all strangers and 64 MiB in all, until its connection closes",
    async () => {
      const { port } = await aServer()
      const [claim, call] = ["/s/token/claim", "/api/v1/shares"]
      const most = { timeout: 20_000 }
      const large = (path: string, cookie = "") => post(port, { path, bytes: MIB, cookie })
      const refusals = []
      for (let n = 1; n <= 4; n++)
        refusals.push(await holdBodies(port, claim, { from: `127.0.4.${n}` }))
      for (const refused of refusals) await vi.waitFor(() => expect(refused()).toBe(4), most)
      const fifth = await holdBodies(port, claim, { from: "127.0.4.5" })
      await vi.waitFor(() => expect(fifth()).toBe(12), most)
      expect((await large(claim)).status).toBe(503)

      // Members have the other half.
      expect((await large(call, "lapse-who=member")).status).toBe(200)
      const held = []
      for (let n = 1; n <= 4; n++)
        held.push(await holdBodies(port, call, { cookie: `lapse-who=member${n}` }))
      for (const refused of held) await vi.waitFor(() => expect(refused()).toBe(4), most)
      expect((await large(call, "lapse-who=member")).status).toBe(503)
      expect((await post(port, { path: claim, bytes: 16 * KIB })).status).toBe(200)

      for (const each of opened.splice(1)) each.close()
      await vi.waitFor(async () => expect((await large(claim)).status).toBe(200), most)
      expect((await large(call, "lapse-who=member1")).status).toBe(200)
    },
  )

  it("that never ends does not delay the server's shutdown", async () => {
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
