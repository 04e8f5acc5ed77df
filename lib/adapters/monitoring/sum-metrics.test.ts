import { Counter, Gauge, Histogram, Registry } from "prom-client"
import { describe, expect, it } from "vitest"
import { type ProcessMetrics, sumCounts, sumProcesses } from "./sum-metrics.ts"

/** The metrics of a process that answered this many clicks. */
async function aProcess(name: string, clicks: number): Promise<ProcessMetrics> {
  const registry = new Registry()
  const registers = [registry]
  const counter = new Counter({
    name: "clicks_total",
    help: "Clicks.",
    labelNames: ["status"],
    registers,
  })
  const times = new Histogram({ name: "seconds", help: "Times.", buckets: [1, 5], registers })
  new Gauge({ name: "heap", help: "Bytes.", registers }).set(clicks * 100)
  new Gauge({ name: "never_measured", help: "Nothing.", registers }).set(Number.NaN)
  const disk = new Gauge({
    name: "disk",
    help: "Of all.",
    labelNames: ["disk"],
    registers,
    aggregator: "first",
  })
  if (name !== "main") disk.set({ disk: "data" }, 7)
  counter.inc({ status: "303" }, clicks)
  if (name === "2") counter.inc({ status: "410" })
  for (let n = 0; n < clicks; n++) times.observe(2)
  const metrics = JSON.parse(JSON.stringify(await registry.getMetricsAsJSON())) // as processes send it
  return { name, metrics }
}

const lines = (text: string) => text.split("\n").filter((line) => line && !line.startsWith("#"))

describe("sumProcesses", () => {
  it("sums counters, keeps gauges apart, and gives shared values once", async () => {
    const text = await sumProcesses([
      await aProcess("main", 0),
      await aProcess("1", 3),
      await aProcess("2", 4),
    ])

    expect(lines(text).sort()).toEqual(
      [
        'clicks_total{status="303"} 7',
        'clicks_total{status="410"} 1',
        'disk{disk="data"} 7',
        'heap{process="1"} 300',
        'heap{process="2"} 400',
        'heap{process="main"} 0',
        'seconds_bucket{le="+Inf"} 7',
        'seconds_bucket{le="1"} 0',
        'seconds_bucket{le="5"} 7',
        "seconds_count 7",
        "seconds_sum 14",
      ].sort(),
    )
    expect(text.match(/# TYPE clicks_total counter/g)).toHaveLength(1)
  })

  it("never falls when a process ends, and no longer contains its gauges", async () => {
    const [main, first, second] = [
      await aProcess("main", 0),
      await aProcess("1", 3),
      await aProcess("2", 4),
    ]
    let departed = await sumCounts([[], first.metrics])
    departed = await sumCounts([departed, second.metrics])
    const again = await aProcess("1", 0)

    const text = await sumProcesses([main, again, { name: "ended", metrics: departed }])

    expect(text).toContain('clicks_total{status="303"} 7')
    expect(text).toContain("seconds_count 7")
    expect(text).toContain('heap{process="1"} 0')
    expect(text).not.toMatch(/heap\{process="(2|ended)"/)
  })
})
