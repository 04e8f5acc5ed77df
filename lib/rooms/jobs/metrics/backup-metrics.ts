import "server-only"
import { Gauge } from "prom-client"
import { NOT_AHEAD } from "#lib/adapters/database/backup-dates.ts"
import { db, rawSql } from "#lib/adapters/database.ts"
import { metrics } from "#lib/adapters/monitoring/metrics.ts"
import { inTime } from "#lib/adapters/outages/in-time.ts"
import { logOutage } from "#lib/adapters/outages/outage-log.ts"

const PATIENCE_MS = 1_000

type Row = { kind: string; age: number }

/** Exposes the age of the last backup, from the process that runs the jobs. */
export function gaugeBackups(): void {
  const { registry } = metrics()
  if (registry.getSingleMetric("lapse_backup_age_seconds")) return
  new Gauge({
    name: "lapse_backup_age_seconds",
    help: "The age of the last backup; none where none was made.",
    labelNames: ["kind"],
    registers: [registry],
    aggregator: "first",
    async collect() {
      this.reset()
      const rows = await inTime(readAges(), PATIENCE_MS).catch((error) => {
        logOutage(error, "The age of the last backup cannot be read.")
      })
      for (const { kind, age } of rows ?? []) this.set({ kind }, age)
    },
  })
}

const readAges = () => db.$queryRaw<Row[]>`
  SELECT kind::text, extract(epoch FROM statement_timestamp() - max(at))::float8 AS age
  FROM backup
  WHERE error IS NULL AND bytes IS NOT NULL AND ${rawSql(NOT_AHEAD)}
  GROUP BY kind`
