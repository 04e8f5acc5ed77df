import { type ChildProcess, spawn, spawnSync } from "node:child_process"
import { once } from "node:events"
import { mkdtempSync, rmSync, writeFileSync } from "node:fs"
import http, { type IncomingHttpHeaders } from "node:http"
import { type AddressInfo, createServer } from "node:net"
import { tmpdir } from "node:os"
import path from "node:path"
import { setTimeout as sleep } from "node:timers/promises"
import { afterAll, beforeAll, describe, expect, it } from "vitest"
import { operationsBlock } from "./operations-doc.ts"

// Tests the reverse proxies of docs/operations.md as they are written there, except for addresses
// and TLS.

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

async function listening(server: http.Server | ReturnType<typeof createServer>) {
  server.listen(0, "127.0.0.1")
  await once(server, "listening")
  return (server.address() as AddressInfo).port
}

async function freePort() {
  const server = createServer()
  const port = await listening(server)
  server.close()
  await once(server, "close")
  return port
}

type Addresses = { port: number; servers: [string, string] }
type Kind = {
  name: string
  program: string | undefined
  configuration: (addresses: Addresses) => string
  args: (file: string, directory: string) => string[]
}

const withServers = (text: string, [first, second]: [string, string]) =>
  text.replaceAll("10.0.0.11:3000", first).replaceAll("10.0.0.12:3000", second)

const KINDS: Kind[] = [
  {
    name: "nginx",
    program: find(["nginx", "/usr/sbin/nginx"], "-v"),
    configuration: ({ port, servers }) => {
      const block = withServers(operationsBlock("nginx"), servers)
        .replace("listen 443 ssl;", `listen 127.0.0.1:${port};`)
        .replace(/^ *ssl_certificate.*\n/gm, "")
      return `${process.getuid?.() === 0 ? "user root;" : ""} daemon off; pid nginx.pid; error_log stderr crit;
        events {} http { access_log off; ${TEMPORARY} ${block} }`
    },
    args: (file, directory) => ["-p", directory, "-c", file, "-e", "stderr"],
  },
  {
    name: "Caddy",
    program: find(["caddy"], "version"),
    configuration: ({ port, servers }) =>
      `{
         admin off
         log {
           level ERROR
         }
         auto_https off
         storage file_system .
       }
       ${withServers(operationsBlock("caddyfile"), servers).replace("share.example.org", `http://share.example.org:${port}`)}`,
    args: (file) => ["run", "--adapter", "caddyfile", "--config", file],
  },
]

const TEMPORARY = ["client_body", "proxy", "fastcgi", "uwsgi", "scgi"]
  .map((name) => `${name}_temp_path ${name};`)
  .join(" ")

/** Finds a program by another option, because neither knows --version. */
function find(programs: string[], argument: string) {
  return programs.find((program) => spawnSync(program, [argument]).status === 0)
}

for (const { name, program, configuration, args } of KINDS) {
  describe.skipIf(!program)(`the ${name} of docs/operations.md`, () => {
    const directory = mkdtempSync(path.join(tmpdir(), "lapse-proxy-"))
    const server = http.createServer(answer)
    let child: ChildProcess
    let port = 0

    beforeAll(async () => {
      port = await freePort()
      const alive = `127.0.0.1:${await listening(server)}`
      const dead = `127.0.0.1:${await freePort()}`
      const file = path.join(directory, "proxy.conf")
      writeFileSync(file, configuration({ port, servers: [dead, alive] }))
      child = spawn(program ?? "", args(file, directory), {
        cwd: directory,
        stdio: "ignore",
      })
      while ((await ask("/up").catch(() => null)) === null) {
        if (child.exitCode !== null) throw new Error(`${name} ended with ${child.exitCode}.`)
        await sleep(20)
      }
    })
    afterAll(async () => {
      const exit = once(child, "exit")
      child.kill("SIGTERM")
      await exit
      server.closeAllConnections()
      server.close()
      rmSync(directory, { recursive: true, force: true })
    })

    const ask = (path: string, options: http.RequestOptions = {}, body = "") =>
      new Promise<{ status: number; firstMs: number; text: string }>((resolve, reject) => {
        const sentAt = performance.now()
        const headers = { host: "share.example.org", ...options.headers }
        const request = http.request({ port, host: "127.0.0.1", path, ...options, headers })
        request.on("error", reject).on("response", (response) => {
          let text = ""
          let firstMs = 0
          response.on("data", (chunk) => {
            firstMs ||= performance.now() - sentAt
            text += chunk
          })
          response.on("error", reject).on("end", () => {
            resolve({ status: response.statusCode ?? 0, firstMs, text })
          })
        })
        request.end(body)
      })

    it("passes on the requested host and the client's address, and no other", async () => {
      seen = []
      const headers = { "x-forwarded-for": "192.0.2.66", "x-forwarded-host": "evil.example" }
      await ask("/page", { headers })
      expect(seen).toHaveLength(1)
      expect(seen[0]?.headers["x-forwarded-for"]).toBe("127.0.0.1")
      expect(seen[0]?.headers.host).toBe("share.example.org")
    })

    it("answers every request without a server that is down", async () => {
      const asked = Array.from({ length: 20 }, () => ask("/page", { method: "POST" }, "x"))
      expect(new Set((await Promise.all(asked)).map(({ status }) => status))).toEqual(
        new Set([200]),
      )
    })

    it("passes an answer on without buffering", async () => {
      const { firstMs, text } = await ask("/slow")
      expect(text).toBe("[1,2]")
      expect(firstMs).toBeLessThan(800)
    })

    it("accepts bodies as large as Lapse does", async () => {
      seen = []
      const { status } = await ask("/large", { method: "POST" }, "x".repeat(1024 ** 2))
      expect({ status, bytes: seen[0]?.bytes }).toEqual({ status: 200, bytes: 1024 ** 2 })
    })
  })
}
