import "server-only"
import { EventEmitter } from "node:events"
import { setTimeout as sleep } from "node:timers/promises"
import { type RunnerOptions, run, type TaskList, type WorkerEvents } from "graphile-worker"
import type pg from "pg"
import { DbClient } from "#lib/adapters/database/db-client.ts"
import { logger, warn } from "./logger.ts"
import { type OwnTasks, TASKS } from "./tasks.ts"
import type { Heartbeat } from "./worker-heartbeat.ts"

const RESTART_MS = 1_000
/** The longest wait of `stop`, because the library may sleep for minutes before a retry. */
const IDLE_MS = 10_000
/** If a job is early by more than this, the clock was set back. Timers fire slightly early. */
const EARLY_MS = 60_000

type Options = {
  pool: pg.Pool
  heartbeat: Heartbeat
  crontab: string
  own: OwnTasks
}

type Worker = {
  /** Resolves when the worker meets an outage or a clock that was set back, or ends by itself. */
  trouble: Promise<void>
  /** Stops taking jobs, and waits for the running one. */
  stop(): Promise<void>
}

/**
 * Keeps a worker running until `stop`. A worker that met an outage is replaced as soon as the
 * database answers, because the library's state may then be wrong: a job may be locked for the
 * worker by an answer that was lost, the end of a job may not be stored, and the worker may not ask
 * for jobs for minutes. Once its successor runs, the old worker is stopped, and jobs that it still
 * locks are unlocked.
 */
export async function keepRunning(options: Options): Promise<{ stop(): Promise<void> }> {
  const workers = new Set<Worker>()
  const { promise: stopped, resolve: stop } = Promise.withResolvers<"stopped">()

  const startNext = async () => {
    const worker = await startWorker(options)
    workers.add(worker)
    return worker
  }
  const retire = async (worker: Worker) => {
    await worker.stop()
    workers.delete(worker)
  }
  const replaceWhenTroubled = async (first: Worker) => {
    let worker = first
    for (;;) {
      const waited = [worker.trouble.then(() => sleep(RESTART_MS)), stopped]
      if ((await Promise.race(waited)) === "stopped") return
      try {
        const next = await startNext()
        void retire(worker)
        worker = next
      } catch (error) {
        warn(error, "A worker of the jobs could not be replaced.")
      }
    }
  }

  const replacing = replaceWhenTroubled(await startNext())
  return {
    async stop() {
      stop("stopped")
      await replacing
      await Promise.all([...workers].map(retire))
    },
  }
}

/** Starts a runner of the library with one worker. It locks jobs by the id of its pool. */
async function startWorker(options: Options): Promise<Worker> {
  const { heartbeat } = options
  const events: WorkerEvents = new EventEmitter()
  const { promise: trouble, resolve: report } = Promise.withResolvers<void>()
  events.on("worker:getJob:error", () => report())
  events.on("pool:listen:error", () => report())
  events.on("pool:gracefulShutdown", () => report())
  // After a clock is set back, the library would delay scheduled jobs until it catches up.
  events.on("cron:prematureTimer", ({ currentTimestamp, expectedTimestamp }) => {
    if (expectedTimestamp - currentTimestamp > EARLY_MS) report()
  })
  events.on("pool:listen:success", ({ client }) => {
    if (client instanceof DbClient) client.askRegularly()
  })
  let id = ""
  events.on("pool:create", ({ workerPool }) => {
    id = workerPool.id
    heartbeat.add(id).catch((error) => warn(error, "The worker heartbeat missed a worker."))
  })
  let job: Promise<unknown> = Promise.resolve()
  events.on("job:start", () => {
    job = new Promise((resolve) => events.once("job:complete", resolve))
  })
  const runner = await run(optionsOf(options, events))
  const ended = runner.promise.catch((error) => warn(error, "A worker of the jobs ended."))

  const end = async () => {
    await runner.stop().catch(() => {}) // it may have already ended
    await ended
    await heartbeat.remove(id)
  }
  let ending: Promise<void> | undefined
  return {
    trouble,
    async stop() {
      ending ??= end()
      await Promise.race([ending, job.then(() => sleep(IDLE_MS, undefined, { ref: false }))])
    },
  }
}

const optionsOf = ({ pool, crontab, own }: Options, events: WorkerEvents): RunnerOptions => ({
  pgPool: pool,
  crontab,
  events,
  noHandleSignals: true,
  taskList: { ...TASKS, ...own } as TaskList,
  logger,
  preset: {
    worker: {
      concurrentJobs: 1,
      pollInterval: 2000,
      // Without a batch, failing to store a job's end is an unhandled rejection: the process ends.
      completeJobBatchDelay: 0,
      failJobBatchDelay: 0,
    },
  },
})
