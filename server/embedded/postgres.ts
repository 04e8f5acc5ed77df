import { spawn, spawnSync } from "node:child_process"
import fs from "node:fs"
import path from "node:path"
import { setTimeout as sleep } from "node:timers/promises"
import pg from "pg"
import { DbClient } from "#lib/adapters/database/db-client.ts"
import { LAPSE, urlOf } from "#server/configuration/database-url.ts"
import { databaseMemory } from "#server/processes/memory-limit.mjs"
import {
  type Account,
  findAccount,
  giveTo,
  nameOfCluster,
  spawnOptions,
} from "./postgres-account.ts"
import { findBinaries } from "./postgres-binaries.ts"
import { createCluster, hasCluster, requireVersion } from "./postgres-cluster.ts"
import { readFailure, saysDiskFull } from "./postgres-log.ts"
import { stopOrphan } from "./postgres-orphan.ts"
import { makeSocketDirectory, removeSocketDirectory } from "./postgres-socket.ts"
import { supervise } from "./supervisor.ts"

type Options = {
  /** The directory of the cluster, the socket and the log. */
  directory: string
  /** False only for tests: a crash loses the cluster, and autovacuum changes no plans. */
  durable?: boolean
  /** Uploads leave this many bytes of the disk free. The database's WAL stays far below that. */
  reserveBytes?: number
  say?: (line: string) => void
  /** Called each time the server cannot start because the disk is full. */
  onDiskFull?: () => void
  /** Called if the server died and could not be started again. */
  onGivenUp?: (error: unknown) => void
}

export type EmbeddedPostgres = {
  url: string
  urlOf: (database: string) => string
  pid: () => number | undefined
  stop: () => Promise<void>
}

/**
 * Starts the PostgreSQL server that npm installed, on a Unix socket only, and creates its database.
 * The caller has locked the directory, so a server that runs in it is an orphan and is stopped
 * first. A server that dies later is started again.
 */
export async function startPostgres(options: Options): Promise<EmbeddedPostgres> {
  const { directory, durable = true, reserveBytes = 0, say = () => {} } = options
  const { onDiskFull = () => {}, onGivenUp = () => {} } = options
  const cluster = path.join(directory, "cluster")
  fs.mkdirSync(directory, { recursive: true, mode: 0o700 })
  const account = findAccount(cluster)
  const binaries = findBinaries(directory, account)
  giveTo(account, directory)
  const socket = makeSocketDirectory(directory, account)
  await stopOrphan(cluster, socket, say)
  if (!hasCluster(cluster)) {
    say("Creating the database")
    createCluster({ cluster, binaries, account, durable })
  }
  requireVersion(cluster)

  let spawnedAt = new Date()
  const { pid, stop } = await supervise({
    name: "The database",
    spawn() {
      spawnedAt = new Date()
      return spawnServer({ cluster, socket, binaries, account, durable, reserveBytes })
    },
    untilReady: (_, ended) => untilAnswering(urlOf(socket, "postgres"), ended, say),
    reasonOf: (output, end) =>
      `${readFailure(cluster, output, spawnedAt) || `it ended with ${end}`}.`,
    waitsFor(output) {
      if (!saysDiskFull(cluster, output, spawnedAt)) return null
      onDiskFull()
      return noRoom(directory)
    },
    restarts: 10, // child processes of a killed server take a moment to end
    // SIGINT is PostgreSQL's fast shutdown: it ends sessions and writes a checkpoint.
    stop: { signal: "SIGINT", graceMs: 60_000, killSignal: "SIGQUIT" },
    say,
    onGivenUp,
  })
  await createDatabase(urlOf(socket, "postgres"))

  return {
    url: urlOf(socket, LAPSE),
    urlOf: (database) => urlOf(socket, database),
    pid,
    async stop() {
      await stop()
      removeSocketDirectory(directory)
    },
  }
}

const noRoom = (directory: string) =>
  `The disk is full: make room on the disk of ${directory}. The database starts as soon as there is some`

type Server = {
  cluster: string
  socket: string
  binaries: string
  account: Account | undefined
  durable: boolean
  reserveBytes: number
}

function spawnServer({ cluster, socket, binaries, account, durable, reserveBytes }: Server) {
  const settings = {
    listen_addresses: "",
    // Relative to the cluster if possible, for an account that cannot enter the parent directories.
    unix_socket_directories: path.relative(cluster, socket).startsWith("../socket")
      ? path.relative(cluster, socket)
      : socket,
    unix_socket_permissions: "0700",
    timezone: "UTC",
    log_timezone: "UTC",
    lc_messages: "C", // postgres-log.ts parses the messages
    logging_collector: durable ? "on" : "off",
    log_filename: "postgres-%a.log",
    log_truncate_on_rotation: "on",
    log_rotation_age: "1d",
    ...walSizes(reserveBytes),
    ...databaseMemory(),
    ...(durable
      ? {}
      : {
          fsync: "off",
          synchronous_commit: "off",
          full_page_writes: "off",
          // Autovacuum may count the rows of a table that was just emptied. A query plan for no
          // rows is slow with 10,000.
          autovacuum: "off",
          max_connections: "300",
        }),
  }
  const command = [
    path.join(binaries, "bin/postgres"),
    "-D",
    nameOfCluster(account, cluster),
    ...Object.entries(settings).flatMap(([name, value]) => ["-c", `${name}=${value}`]),
  ]
  // If this process is killed, the kernel sends the server the signal to shut down.
  const [program = "", ...args] = hasSetpriv()
    ? ["setpriv", "--pdeathsig", "INT", ...command]
    : command
  return spawn(program, args, {
    ...spawnOptions(account, cluster),
    // Ctrl-C in the terminal reaches only this process, which stops its children in order
    detached: true,
    stdio: ["ignore", "ignore", "pipe"],
  })
}

const MIB = 1024 ** 2
const SEGMENT_MB = 16
const DEFAULT_MAX_WAL_MB = 1024
const DEFAULT_MIN_WAL_MB = 80

/**
 * The size limits of the WAL. Between two checkpoints it stays below a quarter of the reserve, so
 * that it fits into the half that is still free when clicks are refused. Segments up to
 * `min_wal_size` are reused and need no new space.
 */
function walSizes(reserveBytes: number) {
  if (reserveBytes === 0) return {}
  const quarter = Math.floor(reserveBytes / 4 / MIB)
  const max = Math.min(DEFAULT_MAX_WAL_MB, Math.max(2 * SEGMENT_MB, quarter))
  return {
    max_wal_size: `${max}MB`,
    min_wal_size: `${Math.min(DEFAULT_MIN_WAL_MB, max)}MB`,
  }
}

let setpriv: boolean | undefined
function hasSetpriv() {
  setpriv ??= spawnSync("setpriv", ["--pdeathsig", "INT", "true"], { stdio: "ignore" }).status === 0
  return setpriv
}

async function untilAnswering(url: string, ended: AbortSignal, say: (line: string) => void) {
  const startedAt = Date.now()
  let isRecovering = false
  while (!ended.aborted) {
    const client = new pg.Client({ connectionString: url, connectionTimeoutMillis: 5000 })
    client.on("error", () => {})
    try {
      await client.connect()
      return
    } catch {
      if (!isRecovering && Date.now() - startedAt > 3000) {
        isRecovering = true
        say("The database is recovering")
      }
      await sleep(20)
    } finally {
      await client.end().catch(() => {})
    }
  }
}

async function createDatabase(url: string) {
  const client = new DbClient({ connectionString: url, answerTimeoutMillis: 60_000 })
  await client.connect()
  try {
    const { rowCount } = await client.query("SELECT FROM pg_database WHERE datname = $1", [LAPSE])
    if (!rowCount) await client.query(`CREATE DATABASE ${LAPSE}`)
  } finally {
    await client.end()
  }
}
