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
  /** Asks for the counts of the process. */
  | { type: "count"; id: number; what: "all" | "counts" }
  /** Answers `gather`. */
  | { type: "gathered"; id: number; processes: ProcessMetrics[] }

export type FromWebProcess =
  /** Sends the first copy of the listening socket back. */
  | { type: "socket" }
  /** The process answers its own requests and is ready to answer others. */
  | { type: "ready" }
  | { type: "counted"; id: number; metrics: MetricValues }
  /** Asks for the counts of every process. */
  | { type: "gather"; id: number }

/** Sends a message; a process that has just ended gets none. */
export function send(child: ChildProcess, message: ToWebProcess) {
  child.send(message, () => {})
}
