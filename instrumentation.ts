import type { Instrumentation } from "next"
import { outageOf } from "#lib/outage.ts"

/** Loaded ahead: an outage must be said before anything is awaited. Next compiles this file for the Edge runtime too, which has none of it. */
let document: typeof import("#lib/web/document.ts") | undefined

export async function register() {
  if (process.env.NEXT_RUNTIME !== "nodejs") return
  document = await import("#lib/web/document.ts")
}

/** The one logger of what is thrown inside Next and is no Refusal. A path may hold a token: it stays out. */
export const onRequestError: Instrumentation.onRequestError = async (error, request, context) => {
  // Next is about to send an error page of its own.
  const outage = outageOf(error)
  if (outage) {
    document?.sayOutage(outage)
    const { logOutage } = await import("#lib/outage-log.ts")
    return logOutage(error, outage.message)
  }
  if (document?.sayUnreadableAction()) return
  const { log } = await import("#lib/log.ts")
  log.error({ error, method: request.method, route: context.routePath }, "a request failed")
}
