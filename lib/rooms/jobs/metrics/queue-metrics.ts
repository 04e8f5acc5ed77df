import "server-only"
import { Gauge } from "prom-client"
import { db } from "#lib/adapters/database.ts"
import { metrics } from "#lib/adapters/monitoring/metrics.ts"
import { inTime } from "#lib/adapters/outages/in-time.ts"
import { logOutage } from "#lib/adapters/outages/outage-log.ts"

const PATIENCE_MS = 1_000

type Row = { waiting: number; later: number; running: number; failed: number; oldest: number }

/** Exposes the depth and the age of the queue, from the process that runs the jobs. */
export function gaugeQueue(): void {
  const { registry } = metrics()
  if (registry.getSingleMetric("lapse_jobs")) return
  const registers = [registry]
  const oldest = new Gauge({
    name: "lapse_jobs_oldest_seconds",
    help: "For how long the oldest job waits that could run.",
    labelNames: ["state"], // without a label it would be 0 while the database is unreachable
    registers,
    aggregator: "first",
  })
  new Gauge({
    name: "lapse_jobs",
    help: "Jobs: waiting, for later, running, and failed for good.",
    labelNames: ["state"],
    registers,
    aggregator: "first",
    async collect() {
      this.reset()
      oldest.reset()
      const row = await inTime(readQueue(), PATIENCE_MS).catch((error) => {
        logOutage(error, "The queue of jobs cannot be counted.")
      })
      if (!row) return
      for (const state of ["waiting", "later", "running", "failed"] as const) {
        this.set({ state }, row[state])
      }
      oldest.set({ state: "waiting" }, row.oldest)
    },
  })
}

/** A job whose last attempt failed does not count as waiting; a lock that is hours old counts as running. */
async function readQueue() {
  const [row] = await db.$queryRaw<Row[]>`
    SELECT count(*) FILTER (WHERE attempts < max_attempts AND locked_at IS NULL
             AND run_at <= statement_timestamp())::int AS waiting,
      count(*) FILTER (WHERE attempts < max_attempts AND locked_at IS NULL
             AND run_at > statement_timestamp())::int AS later,
      count(*) FILTER (WHERE locked_at IS NOT NULL)::int AS running,
      count(*) FILTER (WHERE attempts >= max_attempts AND locked_at IS NULL)::int AS failed,
      coalesce(extract(epoch FROM statement_timestamp() - min(run_at) FILTER (
             WHERE attempts < max_attempts AND locked_at IS NULL
             AND run_at <= statement_timestamp())), 0)::float8 AS oldest
    FROM graphile_worker.jobs`
  return row
}
