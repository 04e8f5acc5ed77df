import type { ChildProcess } from "node:child_process"
import type { MetricValues, ProcessMetrics } from "#lib/adapters/monitoring/sum-metrics.ts"

// Messages between the main process and the web processes that it starts.

/** Values that a web process needs besides its environment. */
export type Mounting = {
  /** The folder of the build; null in development. */
  build: string | null
  embedsDatabase: boolean
  embedsStore: boolean
  /** The commit that this Lapse was made from. */
  commit: string | null
}

export type ToWebProcess =
  /** Carries a copy of the listening socket. */
  | { type: "socket" }
  | { type: "mount"; mounting: Mounting }
  /** Lets the process accept connections. */
  | { type: "accept" }
  | { type: "count"; id: number; what: "all" | "counts" }
  /** Answers `gather`. */
  | { type: "gathered"; id: number; processes: ProcessMetrics[] }

export type FromWebProcess =
  /** Sends back the first copy of the listening socket. */
  | { type: "socket" }
  /** The process is healthy and ready to serve. */
  | { type: "ready" }
  | { type: "counted"; id: number; metrics: MetricValues }
  /** Asks for the counts of every process. */
  | { type: "gather"; id: number }

/** Sends a message, unless the process has just ended. */
export function send(child: ChildProcess, message: ToWebProcess) {
  child.send(message, () => {})
}
