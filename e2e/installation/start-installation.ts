import { type ChildProcess, execFile, spawn } from "node:child_process"
import fs from "node:fs"
import os from "node:os"
import path from "node:path"
import { setTimeout as sleep } from "node:timers/promises"
import { promisify } from "node:util"
import pg from "pg"
import { freePort } from "#testing/programs/daemons.ts"
import { findInTree, freezeTree, killBelow, killTree } from "./process-tree.ts"

const root = path.join(import.meta.dirname, "../..")
const START_MS = 170_000
/** Another version may have to be built first. */
const BUILD_MS = 600_000

export type Installation = {
  url: string
  storeUrl: string
  /** The data directory. */
  data: string
  /** The lines that it printed, without the first `from`. */
  lines: (from?: number) => string[]
  /** Runs one statement on its database, to make time pass or to read data that no page shows. */
  query: <Row extends pg.QueryResultRow>(text: string, values?: unknown[]) => Promise<Row[]>
  /**
   * Closes the app's connections to its database and refuses new ones until the returned function
   * is called.
   */
  hideDatabase: () => Promise<() => void>
  /** Freezes its database or its object store until the returned function is called. */
  freeze: (what: "database" | "store") => () => void
  /** The ids of its processes whose command line matches. */
  processes: (command: RegExp) => number[]
  /** Sends SIGTERM, like Ctrl-C and service managers; resolves with the exit code. */
  stop: () => Promise<number | null>
  /** Sends SIGKILL to its process and to everything that process started. */
  kill: () => Promise<void>
  /**
   * Sends SIGKILL to its main process, with which all others end, or to its web processes or its
   * database, which it restarts.
   */
  crash: (what: "main" | "web" | "database") => Promise<void>
  /** Restarts it after a stop or a kill, with the same data and ports. */
  start: (args?: string[]) => Promise<void>
  /** Runs a command of `lapse` with the settings of the installation. */
  lapse: (args: string[]) => Promise<{ code: number | null; said: string }>
  /** Stops it and deletes its data. */
  remove: () => Promise<void>
}

/** Matches the command line of a process that answers HTTP. */
export const WEB_PROCESS = /web-process\.ts/

/**
 * Runs `npm start` with separate ports and data, or on the data directory that the settings name:
 * of this version, or of the one in the folder `sources`.
 */
export async function startInstallation(
  env: Record<string, string> = {},
  sources = root,
): Promise<Installation> {
  const data = env.LAPSE_DATA_DIR ?? makeDataDirectory()
  fs.chmodSync(data, 0o755) // as root, PostgreSQL runs as another user
  if (!env.DATABASE_URL && sources === root) await copyTemplate(data)
  const port = env.PORT ?? (await freePort())
  const storePort = env.LOCAL_S3_PORT ?? (await freePort())
  const url = `http://localhost:${port}`
  const output: string[] = []
  let child: ChildProcess | undefined
  let client: pg.Client | undefined

  const settings = {
    ...bareEnvironment(),
    APP_URL: url,
    PORT: String(port),
    LOCAL_S3_PORT: String(storePort),
    LAPSE_DATA_DIR: data,
    ...env,
  }
  const run = (program: string[], args: string[]) =>
    spawn(process.execPath, [...program, "--no-env-file", ...args], {
      cwd: sources,
      env: settings,
      stdio: ["ignore", "pipe", "pipe"],
    })

  async function start(args: string[] = []) {
    const started = run([path.join(sources, "bin/start.mjs")], args)
    child = started
    for (const stream of [started.stdout, started.stderr]) {
      let rest = ""
      stream.setEncoding("utf8").on("data", (text: string) => {
        const lines = (rest + text).split("\n")
        rest = lines.pop() ?? ""
        output.push(...lines)
      })
    }
    await untilHealthy(started, url, { output, withinMs: sources === root ? START_MS : BUILD_MS })
  }

  async function lapse(args: string[]) {
    const serverOnly = ["--import", path.join(sources, "server/server-only.mjs")]
    const command = run([...serverOnly, path.join(sources, "server/run-command.ts")], args)
    let said = ""
    for (const stream of [command.stdout, command.stderr]) {
      stream.setEncoding("utf8").on("data", (text: string) => {
        said += text
      })
    }
    const code = await new Promise<number | null>((resolve) => command.once("close", resolve))
    return { code, said }
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
    data,
    lines: (from = 0) => output.slice(from),
    query,
    async hideDatabase() {
      await query("SELECT 1") // this connection stays open
      const socket = path.join(socketDirectory(data), ".s.PGSQL.5432")
      fs.renameSync(socket, `${socket}.hidden`)
      await query(
        "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = current_database() AND pid <> pg_backend_pid()",
      )
      return () => fs.renameSync(`${socket}.hidden`, socket)
    },
    freeze(what) {
      const command = what === "database" ? /postgres/ : /local-s3/
      return freezeTree(child?.pid ?? 0, command)
    },
    processes: (command) => findInTree(child?.pid ?? 0, command),
    stop,
    async kill() {
      await disconnect()
      const { pid } = child ?? {}
      if (!pid) return
      const exited = new Promise((resolve) => child?.once("exit", resolve))
      killTree(pid)
      await exited
    },
    async crash(what) {
      await disconnect()
      const { pid } = child ?? {}
      if (!pid) return
      if (what !== "main") return killBelow(pid, what === "web" ? WEB_PROCESS : /postgres/)
      const exited = new Promise((resolve) => child?.once("exit", resolve))
      killBelow(pid, /server\/start\.ts/)
      await exited
    },
    start,
    lapse,
    async remove() {
      await stop()
      fs.rmSync(data, { recursive: true, force: true })
    },
  }
}

/** Creates a data directory in memory, unless the run has stories that fill it with gigabytes. */
function makeDataDirectory() {
  const parent = process.env.LAPSE_TEST_DATA || os.tmpdir()
  return fs.mkdtempSync(path.join(parent, "lapse-e2e-"))
}

/**
 * Copies a database with all tables into an empty data directory, which saves the first migration.
 */
async function copyTemplate(data: string) {
  const template = process.env.LAPSE_TEST_CLUSTER
  const directory = path.join(data, "postgres")
  if (!template || fs.existsSync(directory)) return
  fs.mkdirSync(directory, { mode: 0o700 })
  // cp keeps the owner, which is another user if this process is root.
  await promisify(execFile)("cp", ["-a", template, path.join(directory, "cluster")])
}

/** The environment without settings, so that the developer's settings have no effect. */
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

type Starting = { output: string[]; withinMs: number }

async function untilHealthy(child: ChildProcess, url: string, { output, withinMs }: Starting) {
  const deadline = Date.now() + withinMs
  while (Date.now() < deadline) {
    if (child.exitCode !== null) throw new Error(`Lapse did not start:\n${output.join("\n")}`)
    const response = await fetch(`${url}/api/health`).catch(() => null)
    if (response?.status === 200) return
    await sleep(100)
  }
  child.kill("SIGTERM")
  throw new Error(`Lapse was not healthy in time:\n${output.join("\n")}`)
}

/** The database URL of the installation with this data directory. */
export function databaseUrl(data: string) {
  return `postgresql://lapse@localhost/lapse?host=${encodeURIComponent(socketDirectory(data))}`
}

function socketDirectory(data: string) {
  const [socket = ""] = fs
    .readdirSync(data)
    .map((name) => path.join(data, name, "socket"))
    .filter((socket) => fs.existsSync(socket))
  return socket
}
