import "server-only"
import { AggregatorRegistry, type Registry } from "prom-client"

export type MetricValues = Awaited<ReturnType<Registry["getMetricsAsJSON"]>>

/** The metrics of one process, whose name becomes a label of gauges. */
export type ProcessMetrics = { name: string; metrics: MetricValues }

/**
 * Combines the metrics of several processes, in Prometheus' text format. Counters are summed. A
 * gauge gets the label `process`; a shared gauge (its aggregator is `first`) is taken from the
 * first process that has it.
 */
export async function sumProcesses(processes: ProcessMetrics[]): Promise<string> {
  const shared = new Set<string>()
  const prepared = processes.map(({ name, metrics }) =>
    metrics.flatMap((metric) => {
      if (isCounted(metric)) return [metric]
      if (metric.aggregator !== "first") return [labelled(metric, name)]
      if (metric.values.length === 0 || shared.has(metric.name)) return []
      shared.add(metric.name)
      return [metric]
    }),
  )
  return AggregatorRegistry.aggregate(prepared).metrics()
}

/** Sums counters, and includes the counts of processes that have ended. */
export function sumCounts(each: MetricValues[]): Promise<MetricValues> {
  return AggregatorRegistry.aggregate(each.map(countsOf)).getMetricsAsJSON()
}

/** Returns only counters and histograms. */
export const countsOf = (metrics: MetricValues) => metrics.filter(isCounted)

/** The library's type declares a number, but the value is a word. */
const isCounted = ({ type }: MetricValues[number]) => String(type) !== "gauge"

function labelled(metric: MetricValues[number], process: string): MetricValues[number] {
  const values = metric.values
    .filter(({ value }) => Number.isFinite(value)) // not measured, or turned into null by JSON
    .map((each) => ({ ...each, labels: { ...each.labels, process } }))
  return { ...metric, aggregator: "sum", values }
}
