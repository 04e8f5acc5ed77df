import "server-only"
import { randomInt } from "node:crypto"
import { setTimeout as sleep } from "node:timers/promises"
import pg from "pg"
import { log } from "#lib/log.ts"

/** Advisory locks of this class say: the workers of this number are alive. */
const CLASS = 720_354

export type Alive = {
  /** Names one worker of this process. */
  workerId(index: number): string
  end(): Promise<void>
}

/**
 * Keeps a session open that holds a lock of our number: it ends with the process, however that
 * dies, so the others can tell our jobs are free. A lost session is opened again.
 */
export async function stayAlive(connectionString: string): Promise<Alive> {
  const number = randomInt(2 ** 31 - 1)
  let client: pg.Client | undefined
  let ended = false

  const hold = async () => {
    const next = new pg.Client({
      connectionString,
      application_name: "lapse-alive",
      keepAlive: true,
    })
    let lost = false
    const lose = () => {
      if (lost || ended) return
      lost = true
      void regain()
    }
    next.on("error", lose)
    next.on("end", lose)
    await next.connect()
    await next.query("SELECT pg_advisory_lock($1, $2)", [CLASS, number])
    client = next
  }

  const regain = async () => {
    log.warn("the connection that says this worker is alive was lost")
    while (!ended) {
      await sleep(1000)
      const held = await hold().then(
        () => true,
        () => false,
      )
      if (held) return
    }
  }

  await hold()
  return {
    workerId: (index) => `lapse-${number}-${index}`,
    async end() {
      ended = true
      await client?.end().catch(() => {})
    },
  }
}

/** Frees the jobs of workers whose process is gone; left alone they would stay locked for hours. */
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
    await pool.query("SELECT graphile_worker.force_unlock_workers($1::text[])", [dead])
    log.warn({ workers: dead.length }, "freed the jobs of workers that died")
  }
  return dead
}
