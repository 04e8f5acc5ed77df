import "server-only"
import { performance } from "node:perf_hooks"
import { Counter, collectDefaultMetrics, Gauge, Histogram, Registry } from "prom-client"
import { hostState } from "#lib/adapters/host/host-state.ts"
import { processWide } from "#lib/adapters/process-wide.ts"
import { openPools } from "./open-pools.ts"
import { type MetricValues, type ProcessMetrics, sumProcesses } from "./sum-metrics.ts"

// Creates the metrics. The values of every label come from a list in the code or the build, so that
// no address, id or name of a person becomes one.
function create() {
  const registry = new Registry()
  const registers = [registry]
  collectDefaultMetrics({ register: registry })
  gaugeHost(registers)
  gaugeProcess(registers)
  const counter = (name: string, help: string) =>
    new Counter({ name: `lapse_${name}_total`, help, registers })
  return {
    registry,
    claims: counter("claims", "Claims counted."),
    mints: counter("mints", "Download URLs signed."),
    mintSeconds: new Histogram({
      name: "lapse_mint_duration_seconds",
      help: "How long it took to sign a download URL.",
      buckets: [0.00005, 0.0001, 0.00025, 0.0005, 0.001, 0.0025, 0.01, 0.05, 0.25],
      registers,
    }),
    previews: counter("previews", "URLs signed for previews."),
    refusals: new Counter({
      name: "lapse_refusals_total",
      help: "Clicks refused, by reason.",
      labelNames: ["reason"],
      registers,
    }),
    views: counter("views", "Link pages opened."),
    botViews: counter("bot_views", "Link pages fetched by machines."),
    oldLinks: counter(
      "old_links",
      "Links of an imported app that were opened by their old address.",
    ),
    shed: new Counter({
      name: "lapse_shed_total",
      help: "Requests answered 503 because too many were under way.",
      labelNames: ["class"],
      registers,
    }),
    unknownProxyRequests: counter(
      "unknown_proxy_requests",
      "Requests that a proxy passed on which TRUSTED_PROXIES does not name.",
    ),
    foreignTags: counter(
      "foreign_tag_writes",
      "Files whose tag signer another program had changed: the tag was written again or the file copied.",
    ),
    webRestarts: counter(
      "web_process_restarts",
      "Web processes started again after one had ended unexpectedly.",
    ),
    requests: new Counter({
      name: "lapse_http_requests_total",
      help: "Requests answered, by route; the status is aborted where the client left before.",
      labelNames: ["method", "route", "status"],
      registers,
    }),
    requestSeconds: new Histogram({
      name: "lapse_http_request_duration_seconds",
      help: "From the head of a request to the end of its answer.",
      labelNames: ["side"],
      buckets: [0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 10],
      registers,
    }),
    storeCalls: new Counter({
      name: "lapse_store_calls_total",
      help: "Calls of the bucket: ok, refused (it answered with an error), or failed.",
      labelNames: ["operation", "outcome"],
      registers,
    }),
    storeSeconds: new Histogram({
      name: "lapse_store_call_duration_seconds",
      help: "How long a call of the bucket took, with its retries.",
      labelNames: ["operation"],
      buckets: [0.005, 0.025, 0.1, 0.5, 2.5, 10, 60],
      registers,
    }),
  }
}

function gaugeHost(registers: Registry[]) {
  new Gauge({
    name: "lapse_disk_free_bytes",
    help: "Free bytes of the disk of the data directory, where anything is embedded.",
    labelNames: ["disk"], // without a label it would be 0 if nothing is embedded
    registers,
    aggregator: "first",
    collect() {
      const { disk } = hostState()
      if (disk) this.set({ disk: "data" }, disk.freeBytes)
    },
  })
  new Gauge({
    name: "lapse_disk_reserve_bytes",
    help: "What uploads leave free of that disk; below half of it clicks are refused.",
    labelNames: ["disk"],
    registers,
    aggregator: "first",
    collect() {
      const { disk } = hostState()
      if (disk) this.set({ disk: "data" }, disk.reserveBytes)
    },
  })
  new Gauge({
    name: "lapse_clocks_apart_seconds",
    help: "The bucket's clock minus the database's, what it is at least; 0 where they agree.",
    labelNames: ["clock"],
    registers,
    aggregator: "first",
    collect() {
      const { clocksApartMs } = hostState()
      if (clocksApartMs !== null) this.set({ clock: "bucket" }, clocksApartMs / 1000)
    },
  })
}

function gaugeProcess(registers: Registry[]) {
  const waiting = new Gauge({
    name: "lapse_db_waiting",
    help: "What waits for a connection of a pool.",
    labelNames: ["pool"],
    registers,
  })
  const most = new Gauge({
    name: "lapse_db_connections_max",
    help: "How many connections a pool may open.",
    labelNames: ["pool"],
    registers,
  })
  new Gauge({
    name: "lapse_db_connections",
    help: "Connections to the database, busy or idle.",
    labelNames: ["pool", "state"],
    registers,
    collect() {
      for (const [pool, { totalCount, idleCount, waitingCount, options }] of openPools()) {
        this.set({ pool, state: "busy" }, totalCount - idleCount)
        this.set({ pool, state: "idle" }, idleCount)
        waiting.set({ pool }, waitingCount)
        most.set({ pool }, options.max)
      }
    },
  })
  let before = performance.eventLoopUtilization()
  new Gauge({
    name: "lapse_event_loop_utilization",
    help: "The part of the time since it was last asked for in which the process was busy, 0 to 1.",
    registers,
    collect() {
      const now = performance.eventLoopUtilization()
      this.set(performance.eventLoopUtilization(now, before).utilization)
      before = now
    },
  })
}

/** The metrics of this process for Prometheus. */
export function metrics(): ReturnType<typeof create> {
  return processWide("metrics", create)
}

/** Returns this process's counts without its gauges, because reading some gauges resets them. */
export async function readCounts(): Promise<MetricValues> {
  const { registry } = metrics()
  const counted = registry.getMetricsAsArray().filter(({ type }) => String(type) !== "gauge")
  const values = counted.map(({ name }) => registry.getSingleMetric(name)?.get())
  return (await Promise.all(values)).filter((each) => each !== undefined)
}

type Gathering = { gather?: () => Promise<ProcessMetrics[]> }

const gathering = () => processWide("gathering of metrics", (): Gathering => ({}))

/** Sets how `exposeMetrics` asks other processes, when several share a port. */
export function gatherMetricsBy(gather: () => Promise<ProcessMetrics[]>): void {
  gathering().gather = gather
}

/**
 * Returns the metrics in Prometheus' text format: of this process, or of all processes that share
 * its port. Throws if they do not answer, because counts without theirs would be lower than before.
 */
export async function exposeMetrics(): Promise<{ contentType: string; text: string }> {
  const { registry } = metrics()
  const { gather } = gathering()
  const text = gather ? await sumProcesses(await gather()) : await registry.metrics()
  return { contentType: registry.contentType, text }
}
