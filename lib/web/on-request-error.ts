import "server-only"
import type { Instrumentation } from "next"
import { log } from "#lib/adapters/monitoring/log.ts"
import { outageOf } from "#lib/adapters/outages/outage.ts"
import { logOutage } from "#lib/adapters/outages/outage-log.ts"

/** Logs errors thrown inside Next, except a Refusal. Omits the path, which may contain a token. */
export const onRequestError: Instrumentation.onRequestError = (error, request, context) => {
  // Most pages show an outage themselves (app/or-outage.tsx); this handles the others.
  const outage = outageOf(error)
  if (outage) return logOutage(error, outage.message)
  log.error({ error, method: request.method, route: context.routePath }, "a request failed")
}
