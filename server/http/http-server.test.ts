import { once } from "node:events"
import { Agent, type IncomingMessage, type ServerResponse, request as send } from "node:http"
import net from "node:net"
import { setTimeout } from "node:timers/promises"
import { afterEach, describe, expect, it, vi } from "vitest"
import { log } from "#lib/adapters/monitoring/log.ts"
import { metrics } from "#lib/adapters/monitoring/metrics.ts"
import { findAmong } from "#lib/api/find-call.ts"
import type { ListedCall } from "#server/build/list-routes.ts"
import { readServerConfiguration as readConfiguration } from "#server/configuration/derive-configuration.ts"
import type { Answer as VisitorAnswer, VisitorRequest } from "#visitor/exchange.ts"
import { createHttpServer } from "./http-server.ts"
import type { Visitor } from "./visitor/serve-visitor.ts"

type Http = ReturnType<typeof createHttpServer>
const opened: Http[] = []
afterEach(async () => {
  await Promise.all(opened.splice(0).map((http) => http.close()))
})

type Answer = { status: number | undefined; headers: IncomingMessage["headers"]; body: string }

const PAGE = { status: 200, headers: [], body: "a page" } satisfies VisitorAnswer

/** A server whose Next echoes the request headers that it gets. */
async function aServer({
  settings = {},
  visitor = { answer: async () => PAGE, serveAsset: () => false },
  next,
  stalledMs,
}: {
  stalledMs?: number
  settings?: Record<string, string>
  visitor?: Visitor
  next?: Parameters<Http["mount"]>[0]["next"]
} = {}) {
  const port = await freePort()
  const address = `http://localhost:${port}`
  const http = createHttpServer(
    readConfiguration({ PORT: String(port), HOST: "127.0.0.1", ...settings }),
    { dev: false, ...(stalledMs && { stalledMs }) },
  )
  await http.listen()
  opened.push(http)
  const mount = (calls: ListedCall[] = []) =>
    http.mount({
      visitor,
      next:
        next ??
        (async (request, response) => {
          response.statusCode = 200
          response.end(JSON.stringify(request.headers))
        }),
      storeOrigin: "http://localhost:9999",
      hasSession: async () => false,
      findMemberId: async () => null,
      findCall: findAmong(calls),
      routeOf: () => "other",
    })
  const ask = (path: string, headers: Record<string, string> = {}, method = "GET") =>
    new Promise<Answer>((resolve, reject) => {
      const request = send({ host: "127.0.0.1", port, path, method, headers, agent: false })
      request.setHeader("host", headers.host ?? new URL(settings.APP_URL ?? address).host)
      request.once("error", reject).once("response", async (response) => {
        let body = ""
        for await (const chunk of response) body += chunk
        resolve({ status: response.statusCode, headers: response.headers, body })
      })
      request.end()
    })
  return { http, mount, ask, port, address }
}

async function unknownProxyRequests() {
  const { values } = await metrics().unknownProxyRequests.get()
  return values[0]?.value ?? 0
}

async function freePort() {
  const server = net.createServer().listen(0, "127.0.0.1")
  await once(server, "listening")
  const address = server.address()
  server.close()
  return typeof address === "object" && address ? address.port : 0
}

const askBySocket = (port: number, path: string) => {
  const socket = net.connect(port, "127.0.0.1")
  socket.write(`GET ${path} HTTP/1.1\r\nHost: localhost:${port}\r\n\r\n`)
  return socket
}

/** A client that sends a request and reads nothing beyond what its socket buffers. */
function neverReads(port: number, path: string) {
  const socket = askBySocket(port, path).pause()
  socket.on("error", () => {})
  return socket
}

/** Answers of 64 MB in chunks of 64 KiB, with a count of the chunks that were made. */
function anEndlessAnswer() {
  const counts = { begun: 0, made: 0, ended: 0 }
  async function* parts() {
    counts.begun++
    try {
      for (let n = 0; n < 1_000; n++) {
        counts.made++
        yield `${n}`.padEnd(65_536)
      }
    } finally {
      counts.ended++
    }
  }
  return { counts, answer: (): VisitorAnswer => ({ status: 200, headers: [], body: parts() }) }
}

describe("the HTTP server", () => {
  it("is alive while it starts, and asks to come back for everything else", async () => {
    const { ask, mount } = await aServer()

    expect((await ask("/api/live")).status).toBe(204)
    const early = await ask("/shares")
    expect(early).toMatchObject({ status: 503, headers: { "retry-after": "2" } })
    mount()
    expect((await ask("/shares")).status).toBe(200)
  })

  it("says what is wrong when its port is taken, naming the setting", async () => {
    const { port } = await aServer()
    const second = createHttpServer(readConfiguration({ PORT: String(port) }), { dev: false })

    await expect(second.listen()).rejects.toThrow(/PORT/)
  })

  it("passes on no header by which a client could claim to be a proxy or Next", async () => {
    const { ask, mount, address } = await aServer()
    mount()

    const { body } = await ask("/", {
      "x-forwarded-for": "6.6.6.6",
      "x-forwarded-host": "evil.example",
      "x-forwarded-proto": "https",
      "x-middleware-subrequest": "middleware",
      "x-nextjs-data": "1",
      "x-lapse-client-address": "6.6.6.6",
      "x-real-ip": "6.6.6.6",
      forwarded: "for=6.6.6.6",
      "content-security-policy": "script-src 'nonce-evil'",
      "content-security-policy-report-only": "script-src 'nonce-evil'",
    })

    const headers: Record<string, string> = JSON.parse(body)
    expect(body).not.toMatch(/6\.6\.6\.6|evil/)
    expect(headers).toMatchObject({
      host: new URL(address).host,
      "x-forwarded-host": new URL(address).host,
      "x-forwarded-proto": "http",
      "x-lapse-client-address": "127.0.0.1",
    })
    expect(headers).not.toHaveProperty("x-middleware-subrequest")
    expect(headers).not.toHaveProperty("x-nextjs-data")
  })

  it("gives the metrics to this machine alone, and to no proxy on it", async () => {
    const { ask, mount } = await aServer()
    const guarded = await aServer({ settings: { METRICS_TOKEN: "a token of some length" } })
    for (const server of [{ mount }, guarded]) server.mount()

    expect((await ask("/metrics")).status).toBe(200)
    for (const name of ["forwarded", "via", "x-forwarded-for", "x-forwarded-proto", "x-real-ip"]) {
      const answer = await ask("/metrics", { [name]: "for=192.0.2.1" })
      expect([name, answer.status]).toEqual([name, 403])
      expect(answer.body).toContain("METRICS_TOKEN")
      // With a token, the route compares it.
      expect((await guarded.ask("/metrics", { [name]: "x" })).status).toBe(200)
    }
  })

  it.each([
    "/_next/image?url=%2Ficon.svg&w=64&q=75",
    "/_next/data/x/y.json",
    "/_next/",
    "/_next",
    "/_next/static",
    "/_next/static/",
    "/_next//image",
    "//_next/image",
    "/%5fnext/image",
    "/_next%2fimage",
    "/_NEXT/image",
    "/_global-error",
    "/_not-found",
    "/__nextjs_original-stack-frames",
  ])("gives nothing of Next that the app does not use at %s", async (path) => {
    const { ask, mount } = await aServer()
    mount()

    expect((await ask(path)).status).toBe(404)
  })

  it("gives the scripts and styles of the build", async () => {
    const { ask, mount } = await aServer()
    mount()

    expect((await ask("/_next/static/chunks/x.js")).status).toBe(200)
  })

  it("gives the frame that draws PDFs no origin and no network, and lets only the app embed it", async () => {
    const serveAsset: Visitor["serveAsset"] = (_path, _request, response) => Boolean(response.end())
    const { ask, mount, address } = await aServer({
      visitor: { answer: async () => PAGE, serveAsset },
    })
    mount()

    const { headers } = await ask("/assets/pdf-frame-1.html")
    expect(headers["content-security-policy"]).toBe(
      `default-src 'none'; script-src ${address} 'wasm-unsafe-eval'; style-src ${address}; worker-src blob:; frame-ancestors ${address}; sandbox allow-scripts`,
    )
    expect(headers["x-frame-options"]).toBe("SAMEORIGIN")
    expect((await ask("/assets/visit-1.js")).headers["x-frame-options"]).toBe("DENY")
  })

  it("refuses methods that no route knows, and names those that may be used", async () => {
    const { ask, mount, port } = await aServer()
    mount()

    for (const method of ["TRACE", "OPTIONS", "PROPFIND", "PUT", "QUERY"]) {
      for (const path of ["/", "/api/v1/files", "/s/token", "/_next/static/x.js", "/api/live"]) {
        expect([method, path, (await ask(path, {}, method)).status]).toEqual([method, path, 405])
      }
    }
    expect((await ask("/s/token", {}, "DELETE")).headers.allow).toBe("GET, HEAD, POST")
    expect((await ask("/api/v1/files", {}, "DELETE")).status).toBe(200)
    for (const first of ["CONNECT evil.example:443", "MADE-UP /"]) {
      const socket = net.connect(port, "127.0.0.1")
      socket.write(`${first} HTTP/1.1\r\nHost: localhost:${port}\r\n\r\n`)
      const answer = String((await socket.toArray()).join(""))
      expect(answer).toMatch(/^HTTP\/1\.1 405 /)
    }
  })

  it("names the methods of a call of the API", async () => {
    const { ask, mount } = await aServer()
    mount([
      { at: "GET /api/v1/files/{id}", takesBody: false },
      { at: "PATCH /api/v1/files/{id}", takesBody: false },
    ])
    const path = "/api/v1/files/0199f3a4-0000-7000-8000-000000000001"

    for (const method of ["PUT", "POST", "DELETE", "OPTIONS"]) {
      const { status, headers } = await ask(path, {}, method)
      expect([status, headers.allow]).toEqual([405, "GET, HEAD, PATCH"])
    }
    expect((await ask(path, {}, "PATCH")).status).toBe(200)
    expect((await ask("/api/v1/nothing", {}, "POST")).status).toBe(200)
  })

  it("refuses every POST to a page, and everything but a POST to the forms before signing in", async () => {
    const asked: string[] = []
    const next = async ({ method, url }: IncomingMessage, response: ServerResponse) => {
      asked.push(`${method} ${url}`)
      response.end()
    }
    const { ask, mount } = await aServer({ next })
    mount()

    for (const path of [
      "/",
      "/sign-in",
      "/setup",
      "/shares",
      "/admin/panic",
      "/nowhere",
      "/auth",
      "/auth/oidc",
      "/auth/oidc/confirm",
    ]) {
      for (const headers of [
        {},
        { "next-action": "7f" },
        { "content-type": "multipart/form-data" },
      ]) {
        const answer = await ask(path, headers, "POST")
        expect([path, answer.status, answer.headers.allow]).toEqual([path, 405, "GET, HEAD"])
      }
    }
    for (const method of ["GET", "HEAD", "PATCH", "DELETE"]) {
      const answer = await ask("/auth/setup", {}, method)
      expect([method, answer.status, answer.headers.allow]).toEqual([method, 405, "POST"])
    }
    for (const path of ["/api/v1/nothing", "/auth/nothing", "/api/auth/callback/credentials"]) {
      expect((await ask(path, { "next-action": "7f" }, "POST")).status).toBe(400)
      expect((await ask(path, { "content-type": "Multipart/form-data" }, "POST")).status).toBe(400)
    }
    expect((await ask("/shares", { "next-action": "7f" })).status).toBe(400)
    expect((await ask("/api/auth/callback/credentials", {}, "POST")).status).toBe(200)
    // RFC 8058: a mail program may post in multipart.
    const multipart = { "content-type": "multipart/form-data; boundary=x" }
    expect((await ask("/stop-notices/x.y", multipart, "POST")).status).toBe(200)
    expect((await ask("/stop-notices/x.y", {}, "DELETE")).status).toBe(405)
    expect(asked).toEqual(["POST /api/auth/callback/credentials", "POST /stop-notices/x.y"])
  })

  it("warns of a proxy that TRUSTED_PROXIES does not name, and counts its requests", async () => {
    const warn = vi.spyOn(log, "warn").mockImplementation(() => {})
    const { ask, mount } = await aServer()
    mount()
    const before = await unknownProxyRequests()
    await ask("/")
    for (let n = 0; n < 3; n++) await ask("/", { "x-forwarded-for": "192.0.2.1" })

    const said = warn.mock.calls.map((call) => String(call[1]))
    expect(said.filter((text) => text.includes("TRUSTED_PROXIES=127.0.0.1"))).toHaveLength(1)
    expect((await unknownProxyRequests()) - before).toBe(3)
    warn.mockRestore()
  })

  it("believes a trusted proxy about the client and the host", async () => {
    const { ask, mount } = await aServer({
      settings: { TRUSTED_PROXIES: "127.0.0.1", APP_URL: "https://share.example.org" },
    })
    mount()

    const { status, body } = await ask("/", {
      host: "127.0.0.1:3000",
      "x-forwarded-host": "share.example.org",
      "x-forwarded-for": "6.6.6.6, 198.51.100.7",
    })

    expect(status).toBe(200)
    expect(JSON.parse(body)).toMatchObject({
      host: "share.example.org",
      "x-forwarded-proto": "https",
      "x-lapse-client-address": "198.51.100.7",
    })
  })

  it("gives every answer a policy with a fresh nonce, which Next uses too", async () => {
    const { ask, mount } = await aServer()
    mount()

    const [first, second] = [await ask("/"), await ask("/")]

    const policy = first.headers["content-security-policy"]
    expect(JSON.parse(first.body)["content-security-policy"]).toBe(policy)
    expect(policy).toMatch(/script-src 'self' 'nonce-[\w+/]{22}==' 'strict-dynamic'/)
    expect(policy).not.toMatch(/script-src[^;]*'unsafe-(inline|eval)'/)
    expect(second.headers["content-security-policy"]).not.toBe(policy)
  })

  it("lets only visitor pages send a form to the store", async () => {
    const { ask, mount } = await aServer()
    mount()

    const visitor = (await ask("/s/token")).headers["content-security-policy"]
    const member = (await ask("/shares")).headers["content-security-policy"]
    expect(visitor).toContain("form-action 'self' http://localhost:9999")
    expect(member).toMatch(/form-action 'self';/)
  })

  it("sends the headers that no page may be without, and HSTS only by https", async () => {
    const plain = await aServer()
    const secure = await aServer({ settings: { APP_URL: "https://share.example.org" } })
    for (const { mount } of [plain, secure]) mount()

    const expected = { "referrer-policy": "same-origin", "x-content-type-options": "nosniff" }
    const [overHttp, overHttps] = [await plain.ask("/"), await secure.ask("/")]
    expect(overHttp.headers).toMatchObject(expected)
    expect(overHttp.headers).not.toHaveProperty("strict-transport-security")
    expect(overHttps.headers).toMatchObject(expected)
    expect(overHttps.headers["strict-transport-security"]).toBe("max-age=31536000")
  })

  it("answers a request for another host with the right address and nothing else", async () => {
    const { ask, mount, address } = await aServer()
    mount()

    const page = await ask("/s/abc?x=1", { host: "127.0.0.1", accept: "text/html" })
    expect(page.status).toBe(421)
    expect(page.body).toContain(`href="${address}/s/abc?x=1"`.replaceAll("&", "&#38;"))
    const call = await ask("/api/v1/shares", { host: "127.0.0.1" })
    expect(call).toMatchObject({
      status: 421,
      headers: { "content-type": "application/problem+json" },
    })
    for (const probe of ["/api/live", "/api/health", "/metrics"]) {
      expect((await ask(probe, { host: "10.0.0.1:3000" })).status).toBeLessThan(300)
    }
  })

  it("leads no one away by a path that looks like a host", async () => {
    const { ask, mount, address } = await aServer()
    mount()

    const { body } = await ask("//evil.example/x", { host: "a.example", accept: "text/html" })

    expect(body).toContain(`href="${address}//evil.example/x"`)
  })

  it("passes everything below /s/ undecoded to the visitors' handler, and nothing of it to Next", async () => {
    const asked: VisitorRequest[] = []
    const { ask, mount } = await aServer({
      visitor: {
        serveAsset: () => false,
        answer: async (request) => {
          asked.push(request)
          return { status: 410, headers: [["Set-Cookie", "visit=1"]], body: "over" }
        },
      },
      next: async () => {
        throw new Error("Next was asked")
      },
    })
    mount()

    const over = await ask("/s/%ff/d/x?part=2&q=a%20b", { "user-agent": "curl" })
    expect(over).toMatchObject({
      status: 410,
      body: "over",
      headers: { "set-cookie": ["visit=1"], "x-robots-tag": "noindex, nofollow" },
    })
    expect(over.headers["content-security-policy"]).toContain(`nonce-${asked[0]?.nonce}`)
    expect(asked[0]).toMatchObject({
      path: "/s/%ff/d/x",
      method: "GET",
      clientAddress: "127.0.0.1",
    })
    expect([...(asked[0]?.query ?? [])]).toEqual([
      ["part", "2"],
      ["q", "a b"],
    ])
    for (const path of ["/s/", "/s/x?_rsc=1", "/s/x/y/z"]) await ask(path, { "next-action": "x" })
    expect(asked).toHaveLength(4)
  })

  it.each([
    "/x/../s/token/claim",
    "/s/token/../other",
    "/s/%2e%2e/shares",
    "/s/token/.%2E",
    "/x/%2e/s/token",
    "/x\\..\\s\\token",
    "/x%2f..%2fs",
    "/..",
  ])("answers the dot segments of %s with 404 and reads no body", async (path) => {
    const { ask, mount } = await aServer({
      next: async () => {
        throw new Error("Next was asked")
      },
    })
    mount()

    expect((await ask(path)).status).toBe(404)
    expect((await ask(path, { "content-length": "100000000" }, "POST")).status).toBe(404)
  })

  it("compresses a long page for a browser that accepts it, and sends a short one uncompressed", async () => {
    const long = "x".repeat(20_000)
    const { ask, mount } = await aServer({
      visitor: {
        serveAsset: () => false,
        answer: async ({ path }) => ({ ...PAGE, body: path === "/s/long" ? long : "short" }),
      },
    })
    mount()

    const brotli = await ask("/s/long", { "accept-encoding": "gzip, br" })
    expect(brotli.headers).toMatchObject({ "content-encoding": "br", vary: "Accept-Encoding" })
    const gzip = await ask("/s/long", { "accept-encoding": "gzip" })
    expect(gzip.headers).toMatchObject({ "content-encoding": "gzip", vary: "Accept-Encoding" })
    expect(Number(gzip.headers["content-length"])).toBeLessThan(500)
    for (const [path, accepted] of [
      ["/s/long", "gzip;q=0"],
      ["/s/long", "identity"],
      ["/s/short", "gzip"],
    ] as const) {
      const plain = await ask(path, { "accept-encoding": accepted })
      expect(plain.headers).not.toHaveProperty("content-encoding")
      expect(plain.body).toBe(path === "/s/long" ? long : "short")
    }
  })

  it("makes an answer as it is read, and drops 60 clients that never read", async () => {
    const { answer, counts } = anEndlessAnswer()
    const visitor = { serveAsset: () => false, answer: async () => answer() }
    const { ask, mount, port } = await aServer({ visitor, stalledMs: 400 })
    mount()

    const deaf = Array.from({ length: 60 }, () => neverReads(port, "/s/x/claim"))
    await vi.waitFor(() => expect(counts.begun).toBe(60), { timeout: 30_000 })
    const before = process.memoryUsage().heapUsed
    expect((await ask("/api/live")).status).toBe(204)
    await vi.waitFor(() => expect(counts.ended).toBe(60), { timeout: 30_000 })
    for (const socket of deaf) socket.destroy()

    expect(process.memoryUsage().heapUsed - before).toBeLessThan(60e6)
    // The count covers what the two sockets of a connection buffer, not the 64 MB of each answer.
    expect(counts.made / 60).toBeLessThan(200)
  })

  it("drops a client that does not read an answer of Next's", async () => {
    const closed = Promise.withResolvers<void>()
    const next: Parameters<Http["mount"]>[0]["next"] = async (_request, response) => {
      response.once("close", closed.resolve).end("x".repeat(30_000_000))
    }
    const { mount, port } = await aServer({ next, stalledMs: 200 })
    mount()

    neverReads(port, "/shares")
    await closed.promise
  })

  it("keeps a slow reader, a slow answer and an idle connection", async () => {
    const { mount, port, ask } = await aServer({
      stalledMs: 500,
      next: async (request, response) => {
        if (request.url === "/slow") await setTimeout(600)
        response.write("begun,")
        if (request.url === "/news") await setTimeout(600)
        response.end(request.url === "/large" ? "x".repeat(12_000_000) : "done")
      },
    })
    mount()

    for (const path of ["/slow", "/news"]) expect((await ask(path)).body).toBe("begun,done")
    const socket = askBySocket(port, "/large")
    let size = 0
    for await (const chunk of socket) {
      size += chunk.length
      await setTimeout(5)
      if (size > 12_000_000) break
    }
    expect(size).toBeGreaterThan(12_000_000)
    const agent = new Agent({ keepAlive: true, maxSockets: 1 })
    const sockets = new Set<unknown>()
    for (let n = 0; n < 2; n++) {
      const request = send({ agent, host: "localhost", port, path: "/quick" }).end()
      const [response] = await once(request, "response")
      response.resume()
      await once(response, "end")
      sockets.add(request.socket)
      if (n === 0) await setTimeout(600)
    }
    agent.destroy()
    expect(sockets.size).toBe(1)
  })

  it("answers a request to upgrade the protocol by HTTP/1.1", async () => {
    const { ask, mount } = await aServer()
    mount()

    const upgrade = {
      connection: "Upgrade, HTTP2-Settings",
      upgrade: "h2c",
      "http2-settings": "AA",
    }
    expect((await ask("/shares", upgrade)).status).toBe(200)
  })

  it("finishes the requests under way, closes idle connections, and accepts no new request", async () => {
    const begun = Promise.withResolvers<void>()
    const finish = Promise.withResolvers<void>()
    const { http, ask, mount, port } = await aServer({
      next: async (_request, response) => {
        begun.resolve()
        await finish.promise
        response.end("done")
      },
    })
    mount()
    const spare = net.connect(port, "127.0.0.1") // browsers open one before they need it
    await once(spare, "connect")
    const running = ask("/slow")
    await begun.promise

    const closing = http.close()
    await expect(ask("/late")).rejects.toThrow()
    finish.resolve()

    expect((await running).body).toBe("done")
    await closing
  })
})

describe("the HTTP server in a flood", () => {
  /** An answer to a visitor that is held until the test releases it. */
  function heldVisitor() {
    const gate = Promise.withResolvers<void>()
    const counts = { asked: 0 }
    const visitor: Visitor = {
      serveAsset: () => false,
      answer: async () => {
        counts.asked++
        await gate.promise
        return { status: 303, headers: [["Location", "/"]], body: null }
      },
    }
    return { visitor, counts, release: gate.resolve }
  }

  const CLICK = "/s/0123456789abcdef0123456789abcdef/d/1"

  it("refuses clicks at once that would wait too long, and starts none of those", async () => {
    const { visitor, counts, release } = heldVisitor()
    const { ask, mount } = await aServer({ visitor })
    mount()
    const shedBefore = await shed("visitors")

    const answers = Array.from({ length: 500 }, () => ask(CLICK, {}, "POST"))
    const refused = await Promise.race(answers)
    expect(refused).toMatchObject({
      status: 503,
      headers: { "retry-after": expect.stringMatching(/^[2-5]$/), "cache-control": "no-store" },
    })
    expect(JSON.parse(refused.body)).toMatchObject({ code: "busy", status: 503 })
    await setTimeout(200)
    release()
    const statuses = (await Promise.all(answers)).map(({ status }) => status)
    const served = statuses.filter((status) => status === 303).length
    expect(served).toBe(counts.asked)
    expect(statuses.filter((status) => status === 503)).toHaveLength(500 - served)
    expect(served).toBeGreaterThanOrEqual(192)
    expect((await shed("visitors")) - shedBefore).toBe(500 - served)
  })

  it("answers members, strangers and probes while visitors fill their class", async () => {
    const { visitor, release } = heldVisitor()
    const { ask, mount } = await aServer({ visitor })
    mount()
    const answers = Array.from({ length: 500 }, () => ask(CLICK, {}, "POST"))
    expect((await Promise.race(answers)).status).toBe(503)

    for (const path of ["/sign-in", "/api/v1/shares", "/api/health", "/metrics"])
      expect((await ask(path)).status).toBe(200)
    expect((await ask("/api/live")).status).toBe(204)
    release()
    await Promise.all(answers)
  })

  it("answers visitors while requests to the app's pages fill theirs", async () => {
    const gate = Promise.withResolvers<void>()
    const { ask, mount } = await aServer({
      next: async (_request, response) => {
        await gate.promise
        response.end()
      },
    })
    mount()
    const answers = Array.from({ length: 300 }, () => ask("/sign-in"))
    expect((await Promise.race(answers)).status).toBe(503)

    expect((await ask(CLICK, {}, "POST")).status).toBe(200)
    gate.resolve()
    await Promise.all(answers)
  })

  it("answers a person with a page in their language, which opens the link again", async () => {
    const { visitor, release } = heldVisitor()
    const { ask, mount } = await aServer({ visitor })
    mount()
    const answers = Array.from({ length: 500 }, () => ask(CLICK, {}, "POST"))
    await Promise.race(answers)

    const browser = { accept: "text/html", "accept-language": "de" }
    const click = await ask(CLICK, browser, "POST")
    const seconds = click.headers["retry-after"]
    expect(click.status).toBe(503)
    expect(click.body).toContain("Lapse ist gerade stark ausgelastet.")
    expect(click.body).toContain(`in ${seconds} Sekunden`)
    expect(click.headers.refresh).toBe(`${seconds}; url=/s/0123456789abcdef0123456789abcdef`)
    expect(click.headers["x-content-type-options"]).toBe("nosniff")
    const page = await ask(CLICK.slice(0, CLICK.indexOf("/d/")), browser)
    expect(page.headers.refresh).toBe(page.headers["retry-after"])
    expect((await ask(CLICK, browser, "HEAD")).body).toBe("")
    release()
    await Promise.all(answers)
  })

  it("keeps no place in a class for clients that send their body slowly", async () => {
    const { ask, mount, port } = await aServer({
      visitor: {
        serveAsset: () => false,
        answer: async (request) => {
          if (request.method === "POST") await request.readBody(10_000)
          return PAGE
        },
      },
    })
    mount()
    const slow = Array.from({ length: 600 }, () => {
      const socket = net.connect(port, "127.0.0.1").on("error", () => {})
      socket.write(
        `POST ${CLICK} HTTP/1.1\r\nHost: localhost:${port}\r\nContent-Length: 9\r\n\r\n12`,
      )
      return socket
    })
    await setTimeout(300)
    for (let n = 0; n < 20; n++) expect((await ask(CLICK)).status).toBe(200)
    for (const socket of slow) socket.destroy()
  })
})

async function shed(name: string) {
  const { values } = await metrics().shed.get()
  return values.find(({ labels }) => labels.class === name)?.value ?? 0
}
