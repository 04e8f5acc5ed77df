import type { Instrumentation } from "next"
import { outageOf } from "#lib/outage.ts"
import { sayOutage } from "#lib/web/document.ts"

/** The one logger of what is thrown inside Next and is no Refusal. A path may hold a token: it stays out. */
export const onRequestError: Instrumentation.onRequestError = async (error, request, context) => {
  // Before anything is awaited: Next is about to send an error page of its own.
  const outage = outageOf(error)
  if (outage) sayOutage(outage)
  const { log } = await import("#lib/log.ts")
  const about = { error, method: request.method, route: context.routePath }
  if (outage) log.warn(about, outage.message)
  else log.error(about, "a request failed")
}
