import type { Instrumentation } from "next"

/**
 * Undefined in the Edge runtime, for which Next also compiles this file, without the parts that
 * need Node.
 */
let node: typeof import("#lib/web/on-request-error.ts") | undefined

export async function register() {
  if (process.env.NEXT_RUNTIME === "nodejs") node = await import("#lib/web/on-request-error.ts")
}

export const onRequestError: Instrumentation.onRequestError = (...thrown) =>
  node?.onRequestError(...thrown)
