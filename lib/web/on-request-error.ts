import "server-only"
import type { Instrumentation } from "next"
import { log } from "#lib/monitoring/log.ts"
import { outageOf } from "#lib/outages/outage.ts"
import { logOutage } from "#lib/outages/outage-log.ts"

/** The one logger of what is thrown inside Next and is no Refusal. A path may hold a token: it stays out. */
export const onRequestError: Instrumentation.onRequestError = (error, request, context) => {
  // A page says it by itself (app/or-outage.tsx); this is one that does not.
  const outage = outageOf(error)
  if (outage) return logOutage(error, outage.message)
  log.error({ error, method: request.method, route: context.routePath }, "a request failed")
}
