import type { ChildProcess } from "node:child_process"
import type { MetricValues, ProcessMetrics } from "#lib/monitoring/sum-metrics.ts"

// What the main process and the web processes that it starts say to one another.

/** What a web process needs besides its environment. */
export type Mounting = {
  /** The folder of the build; null in development. */
  build: string | null
  embedsDatabase: boolean
  embedsStore: boolean
}

export type ToWebProcess =
  /** With a copy of the listening socket. */
  | { type: "socket" }
  | { type: "mount"; mounting: Mounting }
  /** Lets it accept connections. */
  | { type: "accept" }
  /** Asks what it counts. */
  | { type: "count"; id: number; what: "all" | "counts" }
  /** Answers `gather`. */
  | { type: "gathered"; id: number; processes: ProcessMetrics[] }

export type FromWebProcess =
  /** Sends the first copy of the listening socket back. */
  | { type: "socket" }
  /** It answers its own requests, and could those of others. */
  | { type: "ready" }
  | { type: "counted"; id: number; metrics: MetricValues }
  /** Asks what every process counts. */
  | { type: "gather"; id: number }

/** A process that has just ended gets nothing more. */
export function send(child: ChildProcess, message: ToWebProcess) {
  child.send(message, () => {})
}
