import "client-only"
import type { Target } from "./target.ts"

const PRIVATE_MS = 5_000
/** The interval for a picked file, which each checkpoint copies. */
const PICKED_MS = 60_000
/** Checkpoints may take at most a tenth of the time. */
const SHARE = 10

/** Says when to make written bytes durable, so that this costs a fraction of the time. */
export function createCheckpoints(kind: Target["kind"], now = Date.now) {
  let pauseMs = kind === "private" ? PRIVATE_MS : PICKED_MS
  let lastAt = now()
  let isRunning = false
  return {
    isDue: () => !isRunning && now() - lastAt >= pauseMs,
    async run(flush: () => Promise<void>) {
      isRunning = true
      const startedAt = now()
      try {
        await flush()
      } finally {
        isRunning = false
        lastAt = now()
        pauseMs = Math.max(pauseMs, SHARE * (lastAt - startedAt))
      }
    },
  }
}
