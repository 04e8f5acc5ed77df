import "server-only"
import { Counter, collectDefaultMetrics, Gauge, Registry } from "prom-client"
import { surroundings } from "./surroundings.ts"

type Metrics = {
  registry: Registry
  /** Claims counted. */
  claims: Counter
  /** URLs signed. */
  mints: Counter
  /** URLs signed to look at a file. */
  previews: Counter
  refusals: Counter<"reason">
  views: Counter
  botViews: Counter
  /** Requests refused because too many were under way, by the line they were for. */
  shed: Counter<"line">
  /** Requests that a proxy passed on which TRUSTED_PROXIES does not name. */
  unknownProxyRequests: Counter
}

// Next's bundle and natively loaded code are two instances of this module; the registry is one.
const held = globalThis as typeof globalThis & { lapseMetrics?: Metrics }

function create(): Metrics {
  const registry = new Registry()
  const registers = [registry]
  collectDefaultMetrics({ register: registry })
  new Gauge({
    name: "lapse_disk_free_bytes",
    help: "Free bytes of the disk of the data directory, where anything is embedded.",
    labelNames: ["disk"], // without a label it would say 0 where nothing is embedded
    registers,
    collect() {
      const { disk } = surroundings()
      if (disk) this.set({ disk: "data" }, disk.freeBytes)
    },
  })
  new Gauge({
    name: "lapse_clocks_apart_seconds",
    help: "The bucket's clock minus the database's, what it is at least; 0 where they agree.",
    labelNames: ["clock"],
    registers,
    collect() {
      const { clocksApartMs } = surroundings()
      if (clocksApartMs !== null) this.set({ clock: "bucket" }, clocksApartMs / 1000)
    },
  })
  return {
    registry,
    claims: new Counter({ name: "lapse_claims_total", help: "Claims counted.", registers }),
    mints: new Counter({ name: "lapse_mints_total", help: "Download URLs signed.", registers }),
    previews: new Counter({
      name: "lapse_previews_total",
      help: "URLs signed to look at a file.",
      registers,
    }),
    refusals: new Counter({
      name: "lapse_refusals_total",
      help: "Clicks refused, by reason.",
      labelNames: ["reason"],
      registers,
    }),
    views: new Counter({ name: "lapse_views_total", help: "Link pages opened.", registers }),
    botViews: new Counter({
      name: "lapse_bot_views_total",
      help: "Link pages fetched by machines.",
      registers,
    }),
    shed: new Counter({
      name: "lapse_shed_total",
      help: "Requests answered 503 because too many were under way.",
      labelNames: ["line"],
      registers,
    }),
    unknownProxyRequests: new Counter({
      name: "lapse_unknown_proxy_requests_total",
      help: "Requests that a proxy passed on which TRUSTED_PROXIES does not name.",
      registers,
    }),
  }
}

/** What this process counts for Prometheus. */
export function metrics(): Metrics {
  held.lapseMetrics ??= create()
  return held.lapseMetrics
}
