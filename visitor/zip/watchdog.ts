/** A connection that brings nothing for so long is taken for dead. */
const SILENT_MS = 30_000

/**
 * Ends what hangs on its signal when one wait takes too long, when the signal around it aborts, and
 * with `end`.
 */
export function createWatchdog(around: AbortSignal) {
  const own = new AbortController()
  const stop = () => own.abort(around.reason)
  around.addEventListener("abort", stop)
  if (around.aborted) stop()
  return {
    signal: own.signal,
    async limit<Value>(waiting: Promise<Value>): Promise<Value> {
      const timer = setTimeout(() => own.abort(new Error("the store is silent")), SILENT_MS)
      try {
        return await waiting
      } finally {
        clearTimeout(timer)
      }
    },
    end() {
      around.removeEventListener("abort", stop)
      own.abort()
    },
  }
}

export type Watchdog = ReturnType<typeof createWatchdog>
