import "server-only"
import { makeWorkerUtils, type WorkerUtils } from "graphile-worker"
import { configuration } from "#lib/adapters/configuration.ts"
import { createPool } from "#lib/adapters/database/db-client.ts"
import { CLIENT_TIMEOUTS, DB_TIMEOUTS } from "#lib/adapters/database/db-timeouts.ts"
import { db } from "#lib/adapters/database.ts"
import { log } from "#lib/adapters/monitoring/log.ts"
import { isLockTimeout } from "#lib/adapters/outages/outage.ts"
import { logOutage } from "#lib/adapters/outages/outage-log.ts"
import { addJob } from "#lib/adapters/queue.ts"
import { ensurePartitions } from "./ensure-partitions.ts"
import { gaugeJobs } from "./job-metrics.ts"
import { logger, warn } from "./logger.ts"
import { CRONTAB, type OwnTasks } from "./tasks.ts"
import { keepRunning } from "./worker.ts"
import { startHeartbeat } from "./worker-heartbeat.ts"

/** The number of workers, each of which runs one job at a time; one may take half an hour at night. */
const WORKERS = 4
const CLOCK_MS = 10_000

/** Runs the jobs of the queue in this process until `stop`, which waits for running jobs. */
export async function startJobs(own: OwnTasks = {}): Promise<{ stop(): Promise<void> }> {
  const connectionString = configuration.DATABASE_DIRECT_URL ?? configuration.DATABASE_URL
  await ensurePartitions().catch((error) => {
    if (!isLockTimeout(error)) throw error
    log.warn(
      { error },
      "the partitions of the next months are created later: another session locks the events",
    )
  })
  await addJob(db, "raiseLifetimes", {})
  gaugeJobs()
  const pool = connectJobs(connectionString)
  const utils = await makeWorkerUtils({ pgPool: pool, logger })
  const heartbeat = await startHeartbeat(connectionString, utils)
  await forgetFutureRuns(utils)
  const clock = setInterval(() => {
    forgetFutureRuns(utils).catch((error) => warn(error, "The times of jobs are corrected later."))
  }, CLOCK_MS)
  const workers = await Promise.all(
    Array.from({ length: WORKERS }, (_, index) =>
      keepRunning({ pool, heartbeat, crontab: index === 0 ? CRONTAB : "", own }),
    ),
  )
  return {
    async stop() {
      await Promise.all(workers.map((worker) => worker.stop()))
      clearInterval(clock)
      await heartbeat.stop()
      await utils.release()
      await pool.end()
    },
  }
}

function connectJobs(connectionString: string) {
  const pool = createPool({
    connectionString,
    max: WORKERS + 4,
    ...DB_TIMEOUTS,
    answerTimeoutMillis: DB_TIMEOUTS.statement_timeout + CLIENT_TIMEOUTS.margin,
    application_name: "lapse-jobs",
  })
  const lost = (error: Error) => {
    if (!pool.ending) logOutage(error, "A database connection of the jobs was lost.")
  }
  pool.on("error", lost)
  pool.on("connect", (client) => client.on("error", lost))
  return pool
}

/**
 * Corrects scheduled jobs whose last run is dated in the future because a process's clock was
 * ahead. The library would run them again only after that time, and cannot forget it. `now` is this
 * process's time.
 */
export async function forgetFutureRuns(utils: WorkerUtils, now = new Date()): Promise<void> {
  await utils.withPgClient((client) =>
    client.query(
      `UPDATE graphile_worker._private_known_crontabs SET last_execution = NULL
       WHERE last_execution > least($1, clock_timestamp()) + interval '1 minute'`,
      [now],
    ),
  )
}
