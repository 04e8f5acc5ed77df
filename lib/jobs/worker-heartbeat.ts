import "server-only"
import { randomInt } from "node:crypto"
import { setTimeout as sleep } from "node:timers/promises"
import type pg from "pg"
import { DbClient } from "#lib/db-client.ts"
import { CLIENT_TIMEOUTS, DB_TIMEOUTS } from "#lib/db-timeouts.ts"
import { log } from "#lib/log.ts"
import { logOutage } from "#lib/outage-log.ts"

/** The class of the advisory locks that live processes hold, each for its own number. */
const CLASS = 720_354

export type Heartbeat = {
  /** The id of one worker of this process. */
  workerId(index: number): string
  stop(): Promise<void>
}

/**
 * Keeps a database session open that holds the advisory lock of this process's number. The lock
 * ends with the process in any case, and then other processes free its jobs. A lost session
 * is opened again.
 */
export async function startHeartbeat(connectionString: string): Promise<Heartbeat> {
  const number = randomInt(2 ** 31 - 1)
  let client: DbClient | undefined
  let stopped = false

  const connect = async () => {
    const next = new DbClient({
      connectionString,
      answerTimeoutMillis: DB_TIMEOUTS.statement_timeout + CLIENT_TIMEOUTS.margin,
      application_name: "lapse-heartbeat",
    })
    let loss = new Error("The connection ended.")
    next.on("error", (error) => {
      loss = error
    })
    try {
      await next.connect()
      // Shared, because the server may not know yet that the session before is dead.
      await next.query("SELECT pg_advisory_lock_shared($1, $2)", [CLASS, number])
    } catch (error) {
      next.discard(loss)
      throw error
    }
    next.once("end", () => {
      if (!stopped) void reconnect(loss)
    })
    next.askRegularly()
    client = next
  }

  const reconnect = async (loss: Error) => {
    logOutage(loss, "The database connection of the worker heartbeat was lost.")
    while (!stopped) {
      await sleep(1000)
      const held = await connect().then(
        () => true,
        () => false,
      )
      if (held) return
    }
  }

  await connect()
  return {
    workerId: (index) => `lapse-${number}-${index}`,
    async stop() {
      stopped = true
      await client?.end().catch(() => {})
    },
  }
}

/** Unlocks the jobs of workers whose process ended: otherwise they stay locked for hours. */
export async function freeDeadWorkers(pool: pg.Pool): Promise<string[]> {
  const { rows } = await pool.query<{ id: string }>(
    `SELECT DISTINCT locked_by AS id
     FROM (SELECT locked_by FROM graphile_worker._private_jobs
           UNION ALL SELECT locked_by FROM graphile_worker._private_job_queues) AS locks
     WHERE locked_by ~ '^lapse-\\d+-\\d+$' AND NOT EXISTS (
       SELECT FROM pg_locks
       WHERE locktype = 'advisory' AND classid = $1 AND granted
         AND database = (SELECT oid FROM pg_database WHERE datname = current_database())
         AND objid = split_part(locked_by, '-', 2)::bigint::oid)`,
    [CLASS],
  )
  const dead = rows.map(({ id }) => id)
  if (dead.length > 0) {
    await unlockWorkers(pool, dead)
    log.warn({ workers: dead.length }, "unlocked the jobs of dead workers")
  }
  return dead
}

/** Unlocks the jobs of these workers, so that they run again. */
export async function unlockWorkers(pool: pg.Pool, ids: string[]): Promise<void> {
  await pool.query("SELECT graphile_worker.force_unlock_workers($1::text[])", [ids])
}

/**
 * Unlocks the jobs that a worker took so many seconds ago or earlier. For a worker that asked for a
 * job and got no answer: the database may have locked one for it, which it does not know of.
 */
export async function unlockTakenBefore(pool: pg.Pool, id: string, seconds: number): Promise<void> {
  for (const table of ["_private_jobs", "_private_job_queues"]) {
    await pool.query(
      `UPDATE graphile_worker.${table} SET locked_by = NULL, locked_at = NULL
       WHERE locked_by = $1 AND locked_at < clock_timestamp() - make_interval(secs => $2)`,
      [id, seconds],
    )
  }
}
