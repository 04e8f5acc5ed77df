import type { IncomingMessage, ServerResponse } from "node:http"
import { metrics } from "#lib/adapters/monitoring/metrics.ts"
import { sideOf } from "./route-names.ts"

/** Counts an ended request and how long it took, by the name of its route. */
export function countRequest(
  route: string,
  { method = "" }: IncomingMessage,
  response: ServerResponse,
  startedAt: number,
) {
  const status = response.headersSent ? String(response.statusCode) : "aborted"
  metrics().requests.inc({ method: METHODS.has(method) ? method : "other", route, status })
  metrics().requestSeconds.observe({ side: sideOf(route) }, (performance.now() - startedAt) / 1000)
}

const METHODS = new Set(["GET", "HEAD", "POST", "PATCH", "DELETE"])
