import type { Instrumentation } from "next"

/** The one logger of what is thrown inside Next and is no Refusal. A path may hold a token: it stays out. */
export const onRequestError: Instrumentation.onRequestError = async (error, request, context) => {
  const { log } = await import("#lib/log.ts")
  log.error({ error, method: request.method, route: context.routePath }, "a request failed")
}
