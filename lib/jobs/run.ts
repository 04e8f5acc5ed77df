import "server-only"
import { Logger, type Runner, type RunnerOptions, run, type TaskList } from "graphile-worker"
import pg from "pg"
import { db } from "#lib/db.ts"
import { log } from "#lib/log.ts"
import { isLockTimeout } from "#lib/outage.ts"
import { addJob } from "#lib/queue.ts"
import { settings } from "#lib/settings.ts"
import { ensurePartitions } from "./ensure-partitions.ts"
import { CRONTAB, TASKS } from "./tasks.ts"
import { freeDeadWorkers, startHeartbeat } from "./worker-heartbeat.ts"

const WORKERS = 3
const DEAD_WORKERS_INTERVAL_MS = 60_000

/** Runs the jobs of the queue in this process until `stop`, which waits for running jobs. */
export async function startJobs(): Promise<{ stop(): Promise<void> }> {
  const connectionString = settings.DATABASE_DIRECT_URL ?? settings.DATABASE_URL
  await ensurePartitions().catch((error) => {
    if (!isLockTimeout(error)) throw error
    log.warn(
      { error },
      "the partitions of the next months are created later: another session locks the events",
    )
  })
  await addJob(db, "raiseLifetimes", {})
  const heartbeat = await startHeartbeat(connectionString)
  const pool = new pg.Pool({ connectionString, max: WORKERS + 4, application_name: "lapse-jobs" })
  const lost = (error: Error) => {
    if (!pool.ending) log.warn({ error }, "a database connection of the jobs was lost")
  }
  pool.on("error", lost)
  pool.on("connect", (client) => client.on("error", lost))
  await freeDeadWorkers(pool)

  const runners: Runner[] = []
  for (let index = 0; index < WORKERS; index++) {
    runners.push(await run(worker(pool, heartbeat.workerId(index), index === 0 ? CRONTAB : "")))
  }
  const interval = setInterval(() => {
    freeDeadWorkers(pool).catch((error) =>
      log.warn({ error }, "the search for dead workers failed"),
    )
  }, DEAD_WORKERS_INTERVAL_MS)

  return {
    async stop() {
      clearInterval(interval)
      await Promise.all(runners.map((runner) => runner.stop().catch(() => {})))
      await heartbeat.stop()
      await pool.end()
    },
  }
}

/** One worker per runner, so that it can have an id of ours: worker-heartbeat.ts. */
function worker(pgPool: pg.Pool, workerId: string, crontab: string): RunnerOptions {
  const options = {
    pgPool,
    workerId,
    crontab,
    concurrency: 1,
    noHandleSignals: true,
    pollInterval: 2000,
    taskList: TASKS as TaskList,
    logger,
  }
  return options
}

const logger = new Logger(() => (level, message, meta) => {
  if (level === "error") log.error({ error: meta?.error }, message)
  else if (level === "warning") log.warn(message)
})
