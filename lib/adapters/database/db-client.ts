import { Socket } from "node:net"
import pg from "pg"
import { openPools } from "#lib/adapters/monitoring/open-pools.ts"
import { processWide } from "#lib/adapters/process-wide.ts"
import { CLIENT_TIMEOUTS } from "./db-timeouts.ts"

/** The idle time before the first keep-alive probe. Ten probes follow, one a second. */
const KEEP_ALIVE_AFTER_MS = 4_000
const END_MS = 2_000
const READ_MS = 100

/**
 * The application name of the connections that serve requests. Other connections have other names,
 * so that a cut off can tell which statements may hand out URLs.
 */
export const REQUESTS = "lapse"

type DbClientConfig = pg.ClientConfig & {
  /** How long a statement may wait for a byte from the server. Default: no limit. */
  answerTimeoutMillis?: number
}

type Discard = (error: Error) => void

const idleConnections = () => processWide("idle connections", () => new Map<object, Discard>())

/**
 * A client that destroys its connection when the server does not answer. pg's own `query_timeout`
 * fails only the query and keeps the connection, so the next query would wait behind the dead one.
 */
export class DbClient extends pg.Client {
  readonly #socket: Socket
  readonly #answerTimeoutMs: number | undefined
  #timer: NodeJS.Timeout | undefined
  #asking: NodeJS.Timeout | undefined

  constructor(config: DbClientConfig = {}) {
    const socket = new Socket()
    super({
      connectionTimeoutMillis: CLIENT_TIMEOUTS.connect,
      keepAlive: true,
      keepAliveInitialDelayMillis: KEEP_ALIVE_AFTER_MS,
      ...config,
      stream: () => socket,
    })
    this.#socket = socket
    this.#answerTimeoutMs = config.answerTimeoutMillis
    // A lost connection also fails its statement, and the caller handles that. Without a listener
    // the event would end the process.
    this.on("error", () => {})
    this.on("drain", () => this.#answered())
    this.on("end", () => {
      this.#answered()
      clearInterval(this.#asking)
    })
    const { query, end } = this
    Object.assign(this, {
      query: (...statement: unknown[]): unknown => {
        this.#expectAnswer()
        return Reflect.apply(query, this, statement)
      },
      end: (...done: unknown[]): unknown => {
        // A dead server does not answer the end of a session; then the socket is destroyed.
        setTimeout(() => this.#socket.destroy(), END_MS).unref()
        return Reflect.apply(end, this, done)
      },
    })
  }

  /** Closes the connection at once; pending statements fail with the error. */
  discard(error: Error): void {
    this.#socket.destroy(error)
  }

  /** Queries the server regularly, so that a lost connection is noticed even while unused. */
  askRegularly(): void {
    clearInterval(this.#asking)
    this.#asking = setInterval(() => {
      if (!this.#timer) this.query("SELECT 1").catch(() => {})
    }, CLIENT_TIMEOUTS.ask)
    this.#asking.unref()
  }

  #expectAnswer() {
    if (this.#answerTimeoutMs === undefined) return
    clearTimeout(this.#timer)
    const read = this.#socket.bytesRead
    this.#timer = setTimeout(() => this.#checkProgress(read), this.#answerTimeoutMs)
  }

  #answered() {
    clearTimeout(this.#timer)
    this.#timer = undefined
  }

  // If this process was busy, the answer may have arrived but not been read yet.
  #checkProgress(read: number) {
    this.#timer = setTimeout(() => {
      if (this.#socket.bytesRead > read) this.#expectAnswer()
      else this.#giveUp()
    }, READ_MS)
  }

  /** Idle connections in a pool use the same network path, so they are dropped with this one. */
  #giveUp() {
    const error = unanswered(this.#answerTimeoutMs)
    this.discard(error)
    const idle = idleConnections()
    for (const discard of [...idle.values()]) discard(error)
    idle.clear()
  }
}

/** Makes an error like a system error, so that it counts as a lost connection anywhere. */
function unanswered(ms: number | undefined) {
  const error = new Error(`the database did not answer within ${ms} ms`)
  return Object.assign(error, { code: "ECONNRESET", errno: -104, syscall: "read" })
}

type DbPoolConfig = Omit<pg.PoolConfig, "Client" | "stream"> & DbClientConfig

/**
 * Creates a pool of DbClients. If a client times out, the idle clients of all pools are closed.
 *
 * Its connections switch JIT off. PostgreSQL uses JIT if the estimated cost is high, which grows
 * with the tables, and compiling takes longer than these statements do. PgBouncer refuses the
 * parameter at the start of a connection, but passes on the statement.
 */
export function createPool(config: DbPoolConfig): pg.Pool {
  const pool = new pg.Pool({
    connectionTimeoutMillis: CLIENT_TIMEOUTS.connect,
    ...config,
    Client: DbClient,
    onConnect: (client) => client.query("SET jit = off"),
  })
  openPools().set(config.application_name ?? "other", pool)
  const idle = idleConnections()
  pool.on("acquire", (client) => idle.delete(client))
  pool.on("remove", (client) => idle.delete(client))
  pool.on("release", (_error, client) => {
    if (client instanceof DbClient) idle.set(client, (error) => client.discard(error))
  })
  return pool
}
