import "client-only"

/** Resolves after the delay, or earlier when `signal` aborts or the connection is back. */
export function wait(ms: number, signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    if (signal.aborted || ms <= 0) return resolve()
    const done = () => {
      clearTimeout(timer)
      signal.removeEventListener("abort", done)
      globalThis.removeEventListener?.("online", done)
      resolve()
    }
    const timer = setTimeout(done, ms)
    signal.addEventListener("abort", done)
    globalThis.addEventListener?.("online", done)
  })
}
