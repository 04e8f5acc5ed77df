import "server-only"
import { EventEmitter } from "node:events"
import { setTimeout as sleep } from "node:timers/promises"
import {
  Logger,
  type Runner,
  type RunnerOptions,
  run,
  type TaskList,
  type WorkerEvents,
} from "graphile-worker"
import type pg from "pg"
import { db } from "#lib/db.ts"
import { createPool, DbClient } from "#lib/db-client.ts"
import { CLIENT_TIMEOUTS, DB_TIMEOUTS } from "#lib/db-timeouts.ts"
import { log } from "#lib/log.ts"
import { isLockTimeout, outageOf } from "#lib/outage.ts"
import { logOutage } from "#lib/outage-log.ts"
import { addJob } from "#lib/queue.ts"
import { settings } from "#lib/settings.ts"
import { ensurePartitions } from "./ensure-partitions.ts"
import { gaugeQueue } from "./queue-metrics.ts"
import { CRONTAB, TASKS } from "./tasks.ts"
import {
  freeDeadWorkers,
  startHeartbeat,
  unlockTakenBefore,
  unlockWorkers,
} from "./worker-heartbeat.ts"

const WORKERS = 3
const DEAD_WORKERS_INTERVAL_MS = 10_000
const RESTART_MS = 1_000

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
  gaugeQueue()
  const heartbeat = await startHeartbeat(connectionString)
  const pool = connectJobs(connectionString)
  await freeDeadWorkers(pool)

  const workers = await Promise.all(
    Array.from({ length: WORKERS }, (_, index) =>
      keepRunning({ pool, id: heartbeat.workerId(index), crontab: index === 0 ? CRONTAB : "" }),
    ),
  )
  const interval = setInterval(() => {
    freeDeadWorkers(pool).catch((error) => warn(error, "The search for dead workers failed."))
  }, DEAD_WORKERS_INTERVAL_MS)

  return {
    async stop() {
      clearInterval(interval)
      await Promise.all(workers.map((worker) => worker.stop()))
      await heartbeat.stop()
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
  return withoutRetries(pool)
}

/** The library itself tries again after these, each time later, up to three minutes. */
const RETRIED = /^(57P03|EHOSTUNREACH|ETIMEDOUT)$/

/** Gives a failed connection another code, so that a worker asks again after its poll interval. */
function withoutRetries(pool: pg.Pool) {
  const { connect } = pool
  const recode = (error: unknown) => {
    if (!(error instanceof Error && "code" in error && RETRIED.test(String(error.code))))
      throw error
    throw Object.assign(new Error(error.message, { cause: error }), { code: "ECONNREFUSED" })
  }
  return Object.assign(pool, {
    connect: (...done: unknown[]): unknown => {
      const connecting: unknown = Reflect.apply(connect, pool, done)
      return connecting instanceof Promise ? connecting.catch(recode) : connecting
    },
  })
}

type Worker = { pool: pg.Pool; id: string; crontab: string }

/**
 * One worker, so that it can have an id of ours: worker-heartbeat.ts. The library ends a worker
 * that could not store the end of a job: then the job is unlocked, to run again, and the worker
 * started anew.
 */
async function keepRunning(worker: Worker) {
  let stopped = false
  let runner: Runner | undefined = await start(worker)

  const restart = async () => {
    runner = undefined
    while (!stopped && !runner) {
      await sleep(RESTART_MS)
      if (stopped) return
      try {
        await unlockWorkers(worker.pool, [worker.id])
        runner = await start(worker)
      } catch (error) {
        warn(error, "A worker of the jobs could not be started again.")
      }
    }
    if (stopped) await runner?.stop().catch(() => {})
    else watch()
  }
  const watch = () => {
    runner?.promise
      .catch((error) => warn(error, "A worker of the jobs ended and is started again."))
      .then(() => (stopped ? undefined : restart()))
  }

  watch()
  return {
    async stop() {
      stopped = true
      await runner?.stop().catch(() => {})
    },
  }
}

/** A worker that asks for a job has none: what is locked by it was taken in an answer that was lost. */
async function unlockUnknown(pool: pg.Pool, id: string) {
  const failedAt = performance.now()
  while (!pool.ending) {
    try {
      return await unlockTakenBefore(pool, id, (performance.now() - failedAt) / 1000)
    } catch (error) {
      warn(error, "The jobs of a worker could not be unlocked.")
      await sleep(RESTART_MS)
    }
  }
}

function start({ pool, id, crontab }: Worker) {
  const events: WorkerEvents = new EventEmitter()
  // The jobs that a worker takes are locked by the id of its pool.
  events.on("pool:create", ({ workerPool }) => Object.assign(workerPool, { id }))
  events.on("worker:getJob:error", () => void unlockUnknown(pool, id))
  events.on("pool:listen:success", ({ client }) => {
    if (client instanceof DbClient) client.askRegularly()
  })
  const options: RunnerOptions = {
    pgPool: pool,
    crontab,
    events,
    noHandleSignals: true,
    taskList: TASKS as TaskList,
    logger,
    preset: {
      worker: {
        concurrentJobs: 1,
        pollInterval: 2000,
        // Without a batch, a failure to store the end of a job is an unhandled rejection, which ends
        // the process.
        completeJobBatchDelay: 0,
        failJobBatchDelay: 0,
      },
    },
  }
  return run(options)
}

function warn(error: unknown, sentence: string) {
  if (outageOf(error)) logOutage(error, sentence)
  else log.warn({ error }, sentence)
}

const logger = new Logger(() => (level, message, meta) => {
  if (level === "error") {
    const error = meta?.error ?? meta?.fatalError
    const outage = outageOf(error)
    if (outage) logOutage(error, `Jobs: ${outage.message}`)
    else log.error({ error }, message)
  } else if (level === "warning") log.warn(message)
})
