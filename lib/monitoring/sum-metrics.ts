import "server-only"
import { AggregatorRegistry, type Registry } from "prom-client"

export type MetricValues = Awaited<ReturnType<Registry["getMetricsAsJSON"]>>

/** What one process counts; the name is a label of what only makes sense for each. */
export type ProcessMetrics = { name: string; metrics: MetricValues }

/**
 * The metrics of several processes as those of one, in Prometheus' text format. What is counted is
 * summed. A gauge gets the label `process`; one of what all share (its aggregator is `first`) is
 * taken from the first process that has it.
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

/** The sums of what was counted, which go on when a process has ended. */
export function sumCounts(each: MetricValues[]): Promise<MetricValues> {
  return AggregatorRegistry.aggregate(each.map(countsOf)).getMetricsAsJSON()
}

/** Counters and histograms alone. */
export const countsOf = (metrics: MetricValues) => metrics.filter(isCounted)

/** The library's type says numbers, and its values are words. */
const isCounted = ({ type }: MetricValues[number]) => String(type) !== "gauge"

function labelled(metric: MetricValues[number], process: string): MetricValues[number] {
  const values = metric.values
    .filter(({ value }) => Number.isFinite(value)) // none was measured, or JSON made null of it
    .map((each) => ({ ...each, labels: { ...each.labels, process } }))
  return { ...metric, aggregator: "sum", values }
}
