import http, { type IncomingHttpHeaders } from "node:http"
import { afterAll, beforeAll, describe, expect, it } from "vitest"
import { freePort } from "#testing/programs/daemons.ts"
import { blockOf } from "./doc-block.ts"
import { hasProxy, type Kind, listening, startProxy } from "./proxies.ts"

// Tests the reverse proxies of docs/operations/proxy.md as they are written there, except for
// addresses and TLS.

type Seen = { path: string; headers: IncomingHttpHeaders; bytes: number }
let seen: Seen[] = []

/** Answers /slow in two chunks, one second apart, and everything else at once. */
function answer(request: http.IncomingMessage, response: http.ServerResponse) {
  let bytes = 0
  request.on("data", (chunk: Buffer) => {
    bytes += chunk.length
  })
  request.on("end", () => {
    seen.push({ path: request.url ?? "", headers: request.headers, bytes })
    if (request.url !== "/slow") return response.end("fine")
    response.writeHead(200, { "content-type": "application/json" }).write("[1,")
    setTimeout(() => response.end("2]"), 1_000)
  })
}

const withServers = (text: string, [first, second]: [string, string]) =>
  text.replaceAll("10.0.0.11:3000", first).replaceAll("10.0.0.12:3000", second)

/** The sites of the document, on a port of this machine. */
const SITES: Record<Kind, (port: number) => string> = {
  nginx: (port) =>
    blockOf("operations/proxy.md", "nginx")
      .replace("listen 443 ssl;", `listen 127.0.0.1:${port};`)
      .replace(/^ *ssl_certificate.*\n/gm, ""),
  Caddy: (port) =>
    blockOf("operations/proxy.md", "caddyfile").replace(
      "share.example.org",
      `http://share.example.org:${port}`,
    ),
}

for (const kind of ["nginx", "Caddy"] as const) {
  describe.skipIf(!hasProxy(kind))(`the ${kind} of docs/operations/proxy.md`, () => {
    const server = http.createServer(answer)
    let proxy: Awaited<ReturnType<typeof startProxy>>

    beforeAll(async () => {
      const alive = `127.0.0.1:${await listening(server)}`
      const dead = `127.0.0.1:${await freePort()}`
      proxy = await startProxy(kind, (port) => withServers(SITES[kind](port), [dead, alive]))
    })
    afterAll(async () => {
      await proxy.stop()
      server.closeAllConnections()
      server.close()
    })

    it("passes on the requested host and the client's address, and no other", async () => {
      seen = []
      const headers = { "x-forwarded-for": "192.0.2.66", "x-forwarded-host": "evil.example" }
      await proxy.ask("/page", { headers })
      expect(seen).toHaveLength(1)
      expect(seen[0]?.headers["x-forwarded-for"]).toBe("127.0.0.1")
      expect(seen[0]?.headers.host).toBe("share.example.org")
    })

    it("answers every request without a server that is down", async () => {
      const asked = Array.from({ length: 20 }, () => proxy.ask("/page", { method: "POST" }, "x"))
      expect(new Set((await Promise.all(asked)).map(({ status }) => status))).toEqual(
        new Set([200]),
      )
    })

    it("passes an answer on without buffering", async () => {
      const { firstMs, text } = await proxy.ask("/slow")
      expect(text).toBe("[1,2]")
      expect(firstMs).toBeLessThan(800)
    })

    it("accepts bodies as large as Lapse does", async () => {
      seen = []
      const { status } = await proxy.ask("/large", { method: "POST" }, "x".repeat(1024 ** 2))
      expect({ status, bytes: seen[0]?.bytes }).toEqual({ status: 200, bytes: 1024 ** 2 })
    })
  })
}
