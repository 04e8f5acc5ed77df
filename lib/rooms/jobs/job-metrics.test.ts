import { readFileSync } from "node:fs"
import path from "node:path"
import { describe, expect, it } from "vitest"
import { db } from "#lib/adapters/database.ts"
import { exposeMetrics, metrics } from "#lib/adapters/monitoring/metrics.ts"
import { addJob } from "#lib/adapters/queue.ts"
import { HOUR } from "#testing/units.ts"
import { gaugeJobs } from "./job-metrics.ts"

const docs = path.join(import.meta.dirname, "../../../docs")

async function readSeries(series: string) {
  const { text } = await exposeMetrics()
  const line = text.split("\n").find((each) => each.startsWith(`${series} `))
  return line === undefined ? null : Number(line.split(" ").at(-1))
}

describe("the metrics of the queue", () => {
  it("say how many jobs wait, for how long, and how many come later or failed", async () => {
    gaugeJobs()
    gaugeJobs() // a second start of the jobs in one process changes nothing
    const now = Date.now()
    await addJob(db, "sweep", {}, { runAt: new Date(now - 90_000) })
    await addJob(db, "sweep", {})
    await addJob(db, "rollUp", {}, { runAt: new Date(now + HOUR) })
    await addJob(db, "rollViews", {})
    await db.$executeRaw`
      UPDATE graphile_worker._private_jobs AS j SET attempts = max_attempts
      FROM graphile_worker._private_tasks AS t WHERE t.id = j.task_id AND t.identifier = 'rollViews'`

    const oldest = await readSeries('lapse_jobs_oldest_seconds{state="waiting"}')
    expect(await readSeries('lapse_jobs{state="waiting"}')).toBe(2)
    expect(await readSeries('lapse_jobs{state="later"}')).toBe(1)
    expect(await readSeries('lapse_jobs{state="running"}')).toBe(0)
    expect(await readSeries('lapse_jobs{state="failed"}')).toBe(1)
    expect(oldest).toBeGreaterThan(85)
    expect(oldest).toBeLessThan(200)
  })

  it("omit the queue while the database does not answer, and include the rest", async () => {
    gaugeJobs()
    await db.$executeRaw`ALTER SCHEMA graphile_worker RENAME TO away`
    try {
      expect(await readSeries('lapse_jobs{state="waiting"}')).toBeNull()
      expect(await readSeries("lapse_claims_total")).not.toBeNull()
    } finally {
      await db.$executeRaw`ALTER SCHEMA away RENAME TO graphile_worker`
    }
  })
})

describe("the dashboard and the alert rules", () => {
  it.each(["grafana/lapse.json", "prometheus/alerts.yml"])("%s name metrics that exist", (file) => {
    gaugeJobs()
    const exposed = new Set(
      metrics()
        .registry.getMetricsAsArray()
        .flatMap(({ name, type }) =>
          String(type) === "histogram" ? [`${name}_bucket`, `${name}_count`] : [name],
        ),
    )
    const named = readFileSync(path.join(docs, file), "utf8").match(
      /\b(lapse|nodejs|process)_[a-z0-9_]+/g,
    )
    expect(named?.length).toBeGreaterThan(10)
    expect(named?.filter((name) => !exposed.has(name))).toEqual([])
  })
})
