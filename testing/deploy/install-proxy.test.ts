import http from "node:http"
import path from "node:path"
import { afterAll, beforeAll, describe, expect, it } from "vitest"
import { blockOf } from "#testing/lapse/doc-block.ts"
import { hasProxy, type Kind, listening, startProxy } from "#testing/lapse/proxies.ts"

// Tests the nginx of docs/install.md and deploy/Caddyfile as they are, except for addresses and TLS.

type Seen = { server: string; host: string; from: string; bytes: number }

const FILES_HOST = { headers: { host: "files.example.org" } }
let seen: Seen[] = []

const aServer = (server: string) =>
  http.createServer((request, response) => {
    let bytes = 0
    request.on("data", (chunk: Buffer) => {
      bytes += chunk.length
    })
    request.on("end", () => {
      const { host = "", "x-forwarded-for": from } = request.headers
      seen.push({ server, host, from: String(from), bytes })
      response.end("fine")
    })
  })

const caddyfile = path.join(import.meta.dirname, "../../deploy/Caddyfile")
const SITES: Record<Kind, (port: number, ports: { app: number; files: number }) => string> = {
  nginx: (port, { app, files }) =>
    blockOf("install.md", "nginx")
      .replaceAll("listen 443 ssl;", `listen 127.0.0.1:${port};`)
      .replace(/^ *ssl_certificate.*\n/gm, "")
      .replace("127.0.0.1:3000", `127.0.0.1:${app}`)
      .replace("127.0.0.1:3001", `127.0.0.1:${files}`),
  Caddy: () => `import ${caddyfile}`,
}

for (const kind of ["nginx", "Caddy"] as const) {
  describe.skipIf(!hasProxy(kind))(`the ${kind} that docs/install.md gives`, () => {
    const [app, files] = [aServer("app"), aServer("files")]
    let proxy: Awaited<ReturnType<typeof startProxy>>

    beforeAll(async () => {
      const ports = { app: await listening(app), files: await listening(files) }
      const env: Record<string, string> = {
        UPSTREAM: "127.0.0.1",
        APP_PORT: String(ports.app),
        FILES_PORT: String(ports.files),
      }
      proxy = await startProxy(
        kind,
        (port) => {
          env.APP_ADDRESS = `http://share.example.org:${port}`
          env.FILES_ADDRESS = `http://files.example.org:${port}`
          return SITES[kind](port, ports)
        },
        env,
      )
    })
    afterAll(async () => {
      await proxy.stop()
      for (const server of [app, files]) {
        server.closeAllConnections()
        server.close()
      }
    })

    it("gives each host name its server, with that name and the client's address alone", async () => {
      seen = []
      const forged = { "x-forwarded-for": "192.0.2.66" }
      await proxy.ask("/", { headers: forged })
      await proxy.ask("/lapse/o/key", { headers: { ...forged, ...FILES_HOST.headers } })
      expect(seen).toMatchObject([
        { server: "app", host: "share.example.org", from: "127.0.0.1" },
        { server: "files", host: "files.example.org", from: "127.0.0.1" },
      ])
    })

    it("passes a large upload on to the object store", async () => {
      seen = []
      const bytes = 32 * 1024 ** 2
      const { status } = await proxy.ask(
        "/lapse/o/key",
        { ...FILES_HOST, method: "PUT" },
        "x".repeat(bytes),
      )
      expect(status).toBe(200)
      expect(seen).toMatchObject([{ server: "files", bytes }])
    })
  })
}
