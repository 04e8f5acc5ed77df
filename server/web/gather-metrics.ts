import type { ChildProcess } from "node:child_process"
import { metrics } from "#lib/adapters/monitoring/metrics.ts"
import {
  countsOf,
  type MetricValues,
  type ProcessMetrics,
  sumCounts,
} from "#lib/adapters/monitoring/sum-metrics.ts"
import { type FromWebProcess, send } from "#server/processes/web-messages.ts"

const INTERVAL_MS = 1_000
const PATIENCE_MS = 2_000

type Member = {
  name: string
  child: ChildProcess
  counts: MetricValues
  asked: Map<number, (metrics: MetricValues) => void>
}

/**
 * Collects the counters of web processes, and keeps those of processes that ended. If a sum fell,
 * Prometheus would read it as a reset and count everything again. Counts from the last second of a
 * killed process are lost.
 */
export function createGatherer() {
  const members = new Set<Member>()
  let departed: MetricValues = []
  let lastId = 0
  // Serializes additions to `departed`.
  let adding = Promise.resolve()

  const ask = (member: Member, what: "all" | "counts") => {
    const id = ++lastId
    return new Promise<MetricValues | null>((resolve) => {
      const timer = setTimeout(() => resolve(null), PATIENCE_MS)
      member.asked.set(id, (metrics) => {
        clearTimeout(timer)
        resolve(metrics)
      })
      send(member.child, { type: "count", id, what })
    }).finally(() => member.asked.delete(id))
  }

  const leave = (member: Member) => {
    members.delete(member)
    adding = adding.then(async () => {
      departed = await sumCounts([departed, member.counts])
    })
  }

  /** Returns the metrics of every process; its last counts for one that does not answer. */
  const gather = async (): Promise<ProcessMetrics[]> => {
    const own = await metrics().registry.getMetricsAsJSON()
    const each = await Promise.all(
      [...members].map(async (member) => ({ member, all: await ask(member, "all") })),
    )
    await adding
    return [
      { name: "main", metrics: own },
      ...each
        // `departed` has the counts of processes that have ended
        .filter(({ member }) => members.has(member))
        .map(({ member: { name, counts }, all }) => ({ name, metrics: all ?? counts })),
      { name: "ended", metrics: departed },
    ]
  }

  const timer = setInterval(() => {
    for (const member of members) void ask(member, "counts")
  }, INTERVAL_MS)
  timer.unref()

  return {
    gather,
    /** Counts a process from its start to its end, under a name that its replacement reuses. */
    add(name: string, child: ChildProcess) {
      const member: Member = { name, child, counts: [], asked: new Map() }
      members.add(member)
      child.once("exit", () => leave(member))
      child.on("message", (message: FromWebProcess) => {
        if (message.type === "counted") {
          if (members.has(member)) member.counts = countsOf(message.metrics)
          member.asked.get(message.id)?.(message.metrics)
        } else if (message.type === "gather") {
          const { id } = message
          gather().then((processes) => send(child, { type: "gathered", id, processes }))
        }
      })
    },
  }
}
