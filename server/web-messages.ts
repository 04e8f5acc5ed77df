import type { ChildProcess } from "node:child_process"
import type { MetricValues, ProcessMetrics } from "#lib/sum-metrics.ts"

// What the process that starts web processes and they say to one another.

/** What a web process needs besides its environment. */
export type Mounting = { build: string; embedsDatabase: boolean; embedsStore: boolean }

export type ToWebProcess =
  | { type: "mount"; mounting: Mounting }
  | { type: "listen" }
  /** Asks what it counts. */
  | { type: "count"; id: number; what: "all" | "counts" }
  /** Answers `gather`. */
  | { type: "gathered"; id: number; processes: ProcessMetrics[] }

export type FromWebProcess =
  | { type: "ready" }
  | { type: "listening" }
  | { type: "counted"; id: number; metrics: MetricValues }
  /** Asks what every process counts. */
  | { type: "gather"; id: number }

/** A process that has just ended gets nothing more. */
export function send(child: ChildProcess, message: ToWebProcess) {
  child.send(message, () => {})
}
