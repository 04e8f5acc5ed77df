import type { Instrumentation } from "next"

/** Next compiles this file for the Edge runtime too, which leaves out what only Node has. */
let node: typeof import("#lib/web/on-request-error.ts") | undefined

export async function register() {
  if (process.env.NEXT_RUNTIME === "nodejs") node = await import("#lib/web/on-request-error.ts")
}

export const onRequestError: Instrumentation.onRequestError = (...thrown) =>
  node?.onRequestError(...thrown)
