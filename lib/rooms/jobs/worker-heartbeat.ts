import "server-only"
import { createHash } from "node:crypto"
import { setTimeout as sleep } from "node:timers/promises"
import type { WorkerUtils } from "graphile-worker"
import { DbClient } from "#lib/adapters/database/db-client.ts"
import { CLIENT_TIMEOUTS, DB_TIMEOUTS } from "#lib/adapters/database/db-timeouts.ts"
import { log } from "#lib/adapters/monitoring/log.ts"
import { logOutage } from "#lib/adapters/outages/outage-log.ts"
import { warn } from "./logger.ts"

/** The class of the advisory locks of live workers, each for the number of the worker's id. */
const CLASS = 720_354
const SEARCH_MS = 5_000
const RECONNECT_MS = 1_000

export type Heartbeat = {
  /** Marks this worker as alive. */
  add(id: string): Promise<void>
  /** Records that this worker has ended, and unlocks jobs that it still locks. */
  remove(id: string): Promise<void>
  /** Unlocks jobs of dead workers, and returns their ids. It also runs every five seconds. */
  search(): Promise<string[]>
  stop(): Promise<void>
}

/** A connection, and the workers whose locks were free in the previous search. */
type Session = {
  query(text: string, values: unknown[]): Promise<unknown>
  end(): Promise<void>
  suspects: ReadonlySet<string>
}

/**
 * Keeps a database session open that holds an advisory lock for each worker of this process. The
 * locks end with the process, however it ends. A lost session is opened again.
 *
 * A worker is dead if two consecutive searches in one session find its lock free. After a restart
 * of the database, live workers reconnect before the second search.
 */
export async function startHeartbeat(
  connectionString: string,
  utils: WorkerUtils,
): Promise<Heartbeat> {
  const alive = new Set<string>()
  let session: Session | undefined
  let stopped = false

  const connect = async () => {
    const client = new DbClient({
      connectionString,
      answerTimeoutMillis: DB_TIMEOUTS.statement_timeout + CLIENT_TIMEOUTS.margin,
      application_name: "lapse-heartbeat",
    })
    let loss = new Error("The connection ended.")
    client.on("error", (error) => {
      loss = error
    })
    const next = openSession(client)
    try {
      await client.connect()
      session = next
      await hold(next, [...alive])
    } catch (error) {
      session = undefined
      client.discard(loss)
      throw error
    }
    client.once("end", () => {
      session = undefined
      if (!stopped) void reconnect(loss)
    })
    client.askRegularly()
    void searchRegularly(next)
  }

  const reconnect = async (loss: Error) => {
    logOutage(loss, "The database connection of the worker heartbeat was lost.")
    while (!stopped) {
      await sleep(RECONNECT_MS)
      const held = await connect().then(
        () => true,
        () => false,
      )
      if (held) return stopped ? disconnect() : undefined
    }
  }

  const disconnect = async () => {
    const ending = session
    session = undefined
    await ending?.end().catch(() => {})
  }

  const search = async () => {
    const searched = session
    if (!searched) return []
    const { suspects } = searched
    searched.suspects = new Set() // a failed search says nothing about any worker
    const absent = await findAbsent(utils, alive)
    const dead = absent.filter((id) => suspects.has(id))
    if (dead.length > 0) {
      await utils.forceUnlockWorkers(dead)
      log.warn({ workers: dead.length }, "unlocked the jobs of dead workers")
    }
    searched.suspects = new Set(absent)
    return dead
  }

  const searchRegularly = async (searched: Session) => {
    for (;;) {
      await sleep(SEARCH_MS, undefined, { ref: false })
      if (session !== searched) return
      await search().catch((error) => warn(error, "The search for dead workers failed."))
    }
  }

  await connect()
  return {
    async add(id) {
      alive.add(id)
      if (session) await hold(session, [id])
    },
    async remove(id) {
      await utils
        .forceUnlockWorkers([id])
        .catch((error) => warn(error, "The jobs of a worker that ended are unlocked later."))
      alive.delete(id)
      const release = "SELECT pg_advisory_unlock_shared($1, $2)"
      await session?.query(release, [CLASS, numberOf(id)]).catch(() => {})
    },
    search,
    async stop() {
      stopped = true
      await disconnect()
    },
  }
}

/** Wraps a connection whose statements run one after another. One that fails closes it. */
function openSession(client: DbClient): Session {
  let before: Promise<unknown> = Promise.resolve()
  return {
    suspects: new Set(),
    query(text, values) {
      const answer = before.then(() => client.query(text, values))
      before = answer.catch((error) => client.discard(error))
      return answer
    },
    end: () => client.end(),
  }
}

/** Shared locks, because the server may not know yet that the previous session is dead. */
async function hold(session: Session, ids: string[]) {
  const statement = "SELECT pg_advisory_lock_shared($1, number) FROM unnest($2::int[]) AS number"
  await session.query(statement, [CLASS, ids.map(numberOf)])
}

/** Finds workers of other processes that have locked a job but whose own lock is free. */
async function findAbsent(utils: WorkerUtils, alive: ReadonlySet<string>) {
  return utils.withPgClient(async (client) => {
    const { rows } = await client.query<{ id: string }>(
      "SELECT DISTINCT locked_by AS id FROM graphile_worker.jobs WHERE locked_by IS NOT NULL",
    )
    const others = rows.map(({ id }) => id).filter((id) => !alive.has(id))
    if (others.length === 0) return []
    const { rows: absent } = await client.query<{ id: string }>(
      `SELECT id FROM unnest($1::text[], $2::int[]) AS worker (id, number)
       WHERE pg_try_advisory_xact_lock($3, number)`,
      [others, others.map(numberOf), CLASS],
    )
    return absent.map(({ id }) => id)
  })
}

/** Returns the number of a worker's lock. */
const numberOf = (id: string) => createHash("sha256").update(id).digest().readInt32BE()
