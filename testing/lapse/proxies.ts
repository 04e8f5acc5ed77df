import { spawn, spawnSync } from "node:child_process"
import { once } from "node:events"
import { mkdtempSync, rmSync, writeFileSync } from "node:fs"
import http from "node:http"
import type { AddressInfo, createServer } from "node:net"
import { tmpdir } from "node:os"
import path from "node:path"
import { setTimeout as sleep } from "node:timers/promises"
import { freePort } from "#testing/programs/daemons.ts"

// Reverse proxies as the documents configure them, for tests: on one free port, without TLS.

export type Kind = "nginx" | "Caddy"

const PROGRAMS = {
  nginx: find(["nginx", "/usr/sbin/nginx"], "-v"),
  Caddy: find(["caddy"], "version"),
}

/** Whether this machine has the proxy. */
export const hasProxy = (kind: Kind) => PROGRAMS[kind] !== undefined

/** Finds a program by another option, because neither knows --version. */
function find(programs: string[], argument: string) {
  return programs.find((program) => spawnSync(program, [argument]).status === 0)
}

/** Resolves to the port of a server that listens on a free one of this machine. */
export async function listening(server: http.Server | ReturnType<typeof createServer>) {
  server.listen(0, "127.0.0.1")
  await once(server, "listening")
  return (server.address() as AddressInfo).port
}

const TEMPORARY = ["client_body", "proxy", "fastcgi", "uwsgi", "scgi"]
  .map((name) => `${name}_temp_path ${name};`)
  .join(" ")

const KINDS = {
  nginx: {
    complete: (sites: string) =>
      `${process.getuid?.() === 0 ? "user root;" : ""} daemon off; pid nginx.pid; error_log stderr crit;
        events {} http { access_log off; ${TEMPORARY} ${sites} }`,
    args: (file: string, directory: string) => ["-p", directory, "-c", file, "-e", "stderr"],
  },
  Caddy: {
    complete: (sites: string) => `{
         admin off
         log {
           level ERROR
         }
         auto_https off
         storage file_system .
       }
       ${sites}`,
    args: (file: string) => ["run", "--adapter", "caddyfile", "--config", file],
  },
}

type Answer = { status: number; firstMs: number; text: string }

/** Starts a proxy with the sites that `sitesAt` returns for its port. */
export async function startProxy(
  kind: Kind,
  sitesAt: (port: number) => string,
  env: Record<string, string> = {},
) {
  const directory = mkdtempSync(path.join(tmpdir(), "lapse-proxy-"))
  const port = await freePort()
  const file = path.join(directory, "proxy.conf")
  const { complete, args } = KINDS[kind]
  writeFileSync(file, complete(sitesAt(port)))
  const child = spawn(PROGRAMS[kind] ?? "", args(file, directory), {
    cwd: directory,
    stdio: "ignore",
    env: { ...process.env, ...env },
  })
  const ask = (path: string, options: http.RequestOptions = {}, body = "") =>
    new Promise<Answer>((resolve, reject) => {
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
  while ((await ask("/up").catch(() => null)) === null) {
    if (child.exitCode !== null) throw new Error(`${kind} ended with ${child.exitCode}.`)
    await sleep(20)
  }
  return {
    url: `http://127.0.0.1:${port}`,
    ask,
    async stop() {
      const exit = once(child, "exit")
      child.kill("SIGTERM")
      await exit
      rmSync(directory, { recursive: true, force: true })
    },
  }
}
