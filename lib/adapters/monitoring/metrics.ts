import "server-only"
import { performance } from "node:perf_hooks"
import { Counter, collectDefaultMetrics, Gauge, Histogram, Registry } from "prom-client"
import { hostState } from "#lib/adapters/host/host-state.ts"
import { processWide } from "#lib/adapters/process-wide.ts"
import { openPools } from "./open-pools.ts"
import { type MetricValues, type ProcessMetrics, sumProcesses } from "./sum-metrics.ts"

// Creates the metrics. The values of every label come from a list in the code or the build, so that
// none of them is a person's address, id or name.
function create() {
  const registry = new Registry()
  const registers = [registry]
  collectDefaultMetrics({ register: registry })
  gaugeHost(registers)
  gaugeProcess(registers)
  const counter = (name: string, help: string, labelNames: string[] = []) =>
    new Counter({ name: `lapse_${name}_total`, help, labelNames, registers })
  const seconds = (name: string, help: string, buckets: number[], labelNames: string[] = []) =>
    new Histogram({ name: `lapse_${name}_duration_seconds`, help, buckets, labelNames, registers })
  return {
    registry,
    claims: counter("claims", "Claims counted."),
    mints: counter("mints", "Download URLs signed."),
    mintSeconds: seconds(
      "mint",
      "How long it took to sign a download URL.",
      [0.00005, 0.0001, 0.00025, 0.0005, 0.001, 0.0025, 0.01, 0.05, 0.25],
    ),
    previews: counter("previews", "URLs signed for previews."),
    refusals: counter("refusals", "Clicks refused, by reason.", ["reason"]),
    views: counter("views", "Link pages opened."),
    botViews: counter("bot_views", "Link pages fetched by machines."),
    received: counter("received_files", "Files that guests sent to requests, once complete."),
    deliveries: counter("deliveries", "Deliveries to requests that their senders ended."),
    oldLinks: counter(
      "old_links",
      "Links of an imported app that were opened by their old address.",
    ),
    shed: counter("shed", "Requests answered 503 because too many were under way.", ["class"]),
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
    requests: counter(
      "http_requests",
      "Requests answered, by route; the status is aborted where the client left before.",
      ["method", "route", "status"],
    ),
    requestSeconds: seconds(
      "http_request",
      "From the head of a request to the end of its answer.",
      [0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 10],
      ["side"],
    ),
    storeCalls: counter(
      "store_calls",
      "Calls of the bucket: ok, refused (it answered with an error), or failed.",
      ["operation", "outcome"],
    ),
    storeSeconds: seconds(
      "store_call",
      "How long a call of the bucket took, with its retries.",
      [0.005, 0.025, 0.1, 0.5, 2.5, 10, 60],
      ["operation"],
    ),
  }
}

function gaugeHost(registers: Registry[]) {
  const gauge = (
    name: string,
    help: string,
    labels: Record<string, string>, // without one it would be 0 if nothing is embedded
    read: () => number | null | undefined,
  ) =>
    new Gauge({
      name: `lapse_${name}`,
      help,
      labelNames: Object.keys(labels),
      registers,
      aggregator: "first",
      collect() {
        const value = read()
        if (value != null) this.set(labels, value)
      },
    })
  gauge(
    "disk_free_bytes",
    "Free bytes of the disk of the data directory, where anything is embedded.",
    { disk: "data" },
    () => hostState().disk?.freeBytes,
  )
  gauge(
    "disk_reserve_bytes",
    "What uploads leave free of that disk; below half of it clicks are refused.",
    { disk: "data" },
    () => hostState().disk?.reserveBytes,
  )
  gauge(
    "clocks_apart_seconds",
    "The bucket's clock minus the database's, what it is at least; 0 where they agree.",
    { clock: "bucket" },
    () => {
      const { clocksApartMs } = hostState()
      return clocksApartMs === null ? null : clocksApartMs / 1000
    },
  )
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

export function metrics(): ReturnType<typeof create> {
  return processWide("metrics", create)
}

/** Returns this process's counts without its gauges, because reading resets some gauges. */
export async function readCounts(): Promise<MetricValues> {
  const { registry } = metrics()
  const counted = registry.getMetricsAsArray().filter(({ type }) => String(type) !== "gauge")
  const values = counted.map(({ name }) => registry.getSingleMetric(name)?.get())
  return (await Promise.all(values)).filter((each) => each !== undefined)
}

type Gathering = { gather?: () => Promise<ProcessMetrics[]> }

const gathering = () => processWide("gathering of metrics", (): Gathering => ({}))

/** Sets how `exposeMetrics` asks the other processes that share the port. */
export function gatherMetricsBy(gather: () => Promise<ProcessMetrics[]>): void {
  gathering().gather = gather
}

/**
 * Returns the metrics of this process, or of all processes that share its port, in Prometheus' text
 * format. Throws if they do not answer, because counts without theirs would drop.
 */
export async function exposeMetrics(): Promise<{ contentType: string; text: string }> {
  const { registry } = metrics()
  const { gather } = gathering()
  const text = gather ? await sumProcesses(await gather()) : await registry.metrics()
  return { contentType: registry.contentType, text }
}
