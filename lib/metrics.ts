import "server-only"
import { Counter, collectDefaultMetrics, Registry } from "prom-client"

type Metrics = {
  registry: Registry
  /** Claims counted. */
  claims: Counter
  /** URLs signed. */
  mints: Counter
  refusals: Counter<"reason">
  views: Counter
  botViews: Counter
}

// Next's bundle and natively loaded code are two instances of this module; the registry is one.
const held = globalThis as typeof globalThis & { lapseMetrics?: Metrics }

function create(): Metrics {
  const registry = new Registry()
  const registers = [registry]
  collectDefaultMetrics({ register: registry })
  return {
    registry,
    claims: new Counter({ name: "lapse_claims_total", help: "Claims counted.", registers }),
    mints: new Counter({ name: "lapse_mints_total", help: "Download URLs signed.", registers }),
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
  }
}

/** What this process counts for Prometheus. */
export function metrics(): Metrics {
  held.lapseMetrics ??= create()
  return held.lapseMetrics
}
