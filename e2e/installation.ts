import { type ChildProcess, spawn } from "node:child_process"
import fs from "node:fs"
import net from "node:net"
import os from "node:os"
import path from "node:path"
import { setTimeout as sleep } from "node:timers/promises"
import pg from "pg"

const root = path.join(import.meta.dirname, "..")

export type Installation = {
  url: string
  storeUrl: string
  /** What it wrote since `from` lines. */
  lines: (from?: number) => string[]
  /** One statement on its database: to make time pass, or to look where no page shows it. */
  query: <Row extends pg.QueryResultRow>(text: string, values?: unknown[]) => Promise<Row[]>
  /** Cuts the app's connections to its database and lets none be made until what it returns is called. */
  hideDatabase: () => Promise<() => void>
  /** SIGTERM, as Ctrl-C and service managers do; resolves to the exit code. */
  stop: () => Promise<number | null>
  /** kill -9 of everything it started. */
  kill: () => Promise<void>
  /** Starts again what was stopped or killed, on the same data and the same ports. */
  start: () => Promise<void>
  /** Stops and forgets everything. */
  remove: () => Promise<void>
}

/** `npm start` on ports and data of its own. */
export async function startInstallation(env: Record<string, string> = {}): Promise<Installation> {
  const data = fs.mkdtempSync(path.join(os.tmpdir(), "lapse-e2e-"))
  fs.chmodSync(data, 0o755) // PostgreSQL runs as another user when we are root
  const [port, storePort] = [await freePort(), await freePort()]
  const url = `http://localhost:${port}`
  const said: string[] = []
  let child: ChildProcess | undefined
  let client: pg.Client | undefined

  async function start() {
    const settings = {
      ...bareEnvironment(),
      APP_URL: url,
      PORT: String(port),
      LOCAL_S3_PORT: String(storePort),
      LAPSE_DATA_DIR: data,
      ...env,
    }
    const started = spawn(process.execPath, [path.join(root, "bin/start.mjs"), "--no-env-file"], {
      cwd: root,
      env: settings,
      stdio: ["ignore", "pipe", "pipe"],
    })
    child = started
    for (const stream of [started.stdout, started.stderr]) {
      let rest = ""
      stream.setEncoding("utf8").on("data", (text: string) => {
        const lines = (rest + text).split("\n")
        rest = lines.pop() ?? ""
        said.push(...lines)
      })
    }
    await untilHealthy(started, url, said)
  }

  async function disconnect() {
    await client?.end().catch(() => {})
    client = undefined
  }

  async function stop() {
    await disconnect()
    if (!child || child.exitCode !== null || child.signalCode !== null) return null
    const exited = new Promise<number | null>((resolve) => child?.once("exit", resolve))
    child.kill("SIGTERM")
    return exited
  }

  async function query<Row extends pg.QueryResultRow>(text: string, values: unknown[] = []) {
    if (!client) {
      client = new pg.Client({ connectionString: databaseUrl(data) })
      client.on("error", () => {})
      await client.connect()
    }
    return (await client.query<Row>(text, values)).rows
  }

  await start()
  return {
    url,
    storeUrl: `http://localhost:${storePort}`,
    lines: (from = 0) => said.slice(from),
    query,
    async hideDatabase() {
      await query("SELECT 1") // our own connection stays
      const socket = path.join(socketDirectory(data), ".s.PGSQL.5432")
      fs.renameSync(socket, `${socket}.hidden`)
      await query(
        "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = current_database() AND pid <> pg_backend_pid()",
      )
      return () => fs.renameSync(`${socket}.hidden`, socket)
    },
    stop,
    async kill() {
      await disconnect()
      const { pid } = child ?? {}
      if (!pid) return
      const exited = new Promise((resolve) => child?.once("exit", resolve))
      for (const each of treeOf(pid)) killHard(each)
      await exited
    },
    start,
    async remove() {
      await stop()
      fs.rmSync(data, { recursive: true, force: true })
    },
  }
}

/** Without the settings of whoever runs the tests. */
function bareEnvironment(): NodeJS.ProcessEnv {
  const { PATH, HOME, LANG } = process.env
  return {
    NODE_ENV: "production",
    PATH,
    HOME,
    LANG,
    TZ: "Asia/Kathmandu",
    NEXT_TELEMETRY_DISABLED: "1",
  }
}

async function untilHealthy(child: ChildProcess, url: string, said: string[]) {
  const deadline = Date.now() + 170_000
  while (Date.now() < deadline) {
    if (child.exitCode !== null) throw new Error(`Lapse did not start:\n${said.join("\n")}`)
    const response = await fetch(`${url}/api/health`).catch(() => null)
    if (response?.status === 200) return
    await sleep(100)
  }
  child.kill("SIGTERM")
  throw new Error(`Lapse was not healthy in time:\n${said.join("\n")}`)
}

function databaseUrl(data: string) {
  return `postgresql://lapse@localhost/lapse?host=${encodeURIComponent(socketDirectory(data))}`
}

function socketDirectory(data: string) {
  const [socket = ""] = fs
    .readdirSync(data)
    .map((name) => path.join(data, name, "socket"))
    .filter((socket) => fs.existsSync(socket))
  return socket
}

function freePort() {
  return new Promise<number>((resolve, reject) => {
    const server = net.createServer().once("error", reject)
    server.listen(0, "127.0.0.1", () => {
      const address = server.address()
      const port = typeof address === "object" && address ? address.port : 0
      server.close(() => resolve(port))
    })
  })
}

function killHard(pid: number) {
  try {
    process.kill(pid, "SIGKILL")
  } catch {
    // It fell with its parent.
  }
}

/** A process and everything below it, parents first. */
function treeOf(pid: number): number[] {
  const parents = fs
    .readdirSync("/proc")
    .filter((name) => /^\d+$/.test(name))
    .map((name) => [Number(name), parentOf(name)] as const)
  const below = (parent: number): number[] =>
    parents.filter(([, its]) => its === parent).flatMap(([child]) => [child, ...below(child)])
  return [pid, ...below(pid)]
}

function parentOf(pid: string) {
  try {
    const stat = fs.readFileSync(`/proc/${pid}/stat`, "utf8")
    return Number(stat.slice(stat.lastIndexOf(")") + 2).split(" ")[1])
  } catch {
    return 0 // it ended meanwhile
  }
}
