import "server-only"
import type { Instrumentation } from "next"
import { log } from "#lib/log.ts"
import { outageOf } from "#lib/outage.ts"
import { logOutage } from "#lib/outage-log.ts"
import { sayOutage, sayUnreadableAction } from "./document.ts"

/** The one logger of what is thrown inside Next and is no Refusal. A path may hold a token: it stays out. */
export const onRequestError: Instrumentation.onRequestError = (error, request, context) => {
  // Next is about to send an error page of its own: nothing is awaited before.
  const outage = outageOf(error)
  if (outage) {
    sayOutage(outage)
    return logOutage(error, outage.message)
  }
  if (sayUnreadableAction()) return
  log.error({ error, method: request.method, route: context.routePath }, "a request failed")
}
