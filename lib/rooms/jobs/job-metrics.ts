import "server-only"
import { Gauge } from "prom-client"
import { NOT_AHEAD } from "#lib/adapters/database/backup-dates.ts"
import { db, rawSql } from "#lib/adapters/database.ts"
import { metrics } from "#lib/adapters/monitoring/metrics.ts"
import { inTime } from "#lib/adapters/outages/in-time.ts"
import { logOutage } from "#lib/adapters/outages/outage-log.ts"
import { readNight } from "#lib/rooms/retention/night.ts"

const PATIENCE_MS = 1_000

/** Exposes the queue, the scans and the age of the last backup, from the process that runs the jobs. */
export function gaugeJobs(): void {
  const { registry } = metrics()
  if (registry.getSingleMetric("lapse_jobs")) return
  const gauge = (
    name: string,
    help: string,
    label: string, // without a label it would be 0 while the database is unreachable
    read: () => Promise<Values>,
    failed: string,
  ) =>
    new Gauge({
      name: `lapse_${name}`,
      help,
      labelNames: [label],
      registers: [registry],
      aggregator: "first",
      async collect() {
        this.reset()
        const values = await inTime(read(), PATIENCE_MS).catch((error) => logOutage(error, failed))
        for (const [value, number] of Object.entries(values ?? {})) {
          this.set({ [label]: value }, number)
        }
      },
    })
  const depth = "Jobs: waiting, for later, running, and failed for good."
  gauge("jobs", depth, "state", readQueue, "The queue of jobs cannot be counted.")
  const oldest = "For how long the oldest job waits that could run."
  gauge("jobs_oldest_seconds", oldest, "state", readOldest, "The oldest job cannot be read.")
  const unchecked = "Files that nobody may read: waiting for their check, without a result, held."
  gauge("files_unchecked", unchecked, "state", countUnchecked, "Unchecked files cannot be counted.")
  const longest = "For how long the oldest file waits for its check."
  const unseen = "The oldest unchecked file cannot be read."
  gauge("scan_oldest_seconds", longest, "state", readOldestScan, unseen)
  const kept = "Files that are due and not deleted: left for the next night, waiting for an admin."
  gauge("retention_files", kept, "state", countDue, "The last night cannot be read.")
  const backup = "The age of the last backup; none where none was made."
  const unread = "The age of the last backup cannot be read."
  gauge("backup_age_seconds", backup, "kind", readAges, unread)
}

type Values = Record<string, number>

/** A job whose last attempt failed does not count as waiting. */
const COULD_RUN = rawSql(
  "attempts < max_attempts AND locked_at IS NULL AND run_at <= statement_timestamp()",
)

/** A locked job counts as running, even if its worker died hours ago. */
async function readQueue(): Promise<Values> {
  const [row] = await db.$queryRaw<Values[]>`
    SELECT count(*) FILTER (WHERE ${COULD_RUN})::int AS waiting,
      count(*) FILTER (WHERE attempts < max_attempts AND locked_at IS NULL
             AND run_at > statement_timestamp())::int AS later,
      count(*) FILTER (WHERE locked_at IS NOT NULL)::int AS running,
      count(*) FILTER (WHERE attempts >= max_attempts AND locked_at IS NULL)::int AS failed
    FROM graphile_worker.jobs`
  return row ?? {}
}

async function readOldest(): Promise<Values> {
  const [row] = await db.$queryRaw<Values[]>`
    SELECT coalesce(extract(epoch FROM statement_timestamp() - min(run_at)), 0)::float8 AS waiting
    FROM graphile_worker.jobs WHERE ${COULD_RUN}`
  return row ?? {}
}

async function countUnchecked(): Promise<Values> {
  const [row] = await db.$queryRaw<Values[]>`
    SELECT count(*) FILTER (WHERE status = 'checking' AND scan_problem IS NULL)::int AS waiting,
      count(*) FILTER (WHERE status = 'checking' AND scan_problem IS NOT NULL)::int AS failing,
      count(*) FILTER (WHERE status = 'held')::int AS held
    FROM file WHERE unchecked_since IS NOT NULL`
  return row ?? {}
}

async function readOldestScan(): Promise<Values> {
  const [row] = await db.$queryRaw<Values[]>`
    SELECT coalesce(extract(epoch FROM statement_timestamp() - min(unchecked_since)), 0)::float8 AS waiting
    FROM file WHERE unchecked_since IS NOT NULL AND status = 'checking'`
  return row ?? {}
}

async function countDue(): Promise<Values> {
  const night = await readNight()
  return night ? { left: night.left, waiting: night.waits ? night.due : 0 } : {}
}

async function readAges(): Promise<Values> {
  const rows = await db.$queryRaw<{ kind: string; age: number }[]>`
    SELECT kind::text, extract(epoch FROM statement_timestamp() - max(at))::float8 AS age
    FROM backup
    WHERE error IS NULL AND bytes IS NOT NULL AND ${rawSql(NOT_AHEAD)}
    GROUP BY kind`
  return Object.fromEntries(rows.map(({ kind, age }) => [kind, age]))
}
